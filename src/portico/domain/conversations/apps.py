from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "portico.domain.conversations"
    label = "conversations"
