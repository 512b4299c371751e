from django.apps import AppConfig


class CustomDomainsConfig(AppConfig):
    name = "portico.domain.custom_domains"
    label = "custom_domains"
