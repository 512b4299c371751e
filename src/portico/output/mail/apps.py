from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "portico.output.mail"
    label = "mail"
