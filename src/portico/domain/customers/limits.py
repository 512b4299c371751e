"""How much a customer may owe."""

from portico.domain.customers.models import Customer


def is_over_limit(customer: Customer, currency: str, owed: int) -> bool:
    """Tell whether what is owed in a currency, in minor units, is more than the customer's credit limit in it."""
    limit = customer.credit_limit
    return limit is not None and currency == customer.credit_limit_currency and owed > limit
