from django.apps import AppConfig


class ActivityConfig(AppConfig):
    name = "portico.domain.activity"
    label = "activity"
