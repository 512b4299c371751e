from django.apps import AppConfig


class BusinessesConfig(AppConfig):
    name = "portico.domain.businesses"
    label = "businesses"
