from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "portico.domain.customers"
    label = "customers"
