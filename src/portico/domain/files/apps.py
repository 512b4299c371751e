from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "portico.domain.files"
    label = "files"
