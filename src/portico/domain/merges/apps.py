from django.apps import AppConfig


class MergesConfig(AppConfig):
    name = "portico.domain.merges"
    label = "merges"
