from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "portico.domain.ledger"
    label = "ledger"
