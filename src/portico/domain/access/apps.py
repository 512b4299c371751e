from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "portico.domain.access"
    label = "access"
