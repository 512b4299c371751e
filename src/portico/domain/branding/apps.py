from django.apps import AppConfig


class BrandingConfig(AppConfig):
    name = "portico.domain.branding"
    label = "branding"
