from django.apps import AppConfig

from portico.web.shared.form_messages import use_our_messages


class SharedConfig(AppConfig):
    name = "portico.web.shared"

    def ready(self) -> None:
        use_our_messages()
