from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "portico.domain.search"
    label = "search"
