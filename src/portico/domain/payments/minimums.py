"""The least that a customer may pay, by the business's rules. Amounts are minor units."""

from portico.domain.businesses.models import Business
from portico.domain.documents.models import Document


def least_of(business: Business, invoice: Document) -> int:
    """Return the least a customer may pay of an invoice: all that is open, or the business's minimum where it is less.

    The minimum counts for invoices in the business's own currency; in others any amount is enough.
    """
    if not business.allow_partial_payments:
        return invoice.open_amount
    minimum = business.partial_payment_minimum if invoice.currency == business.currency else 0
    return max(1, min(minimum, invoice.open_amount))


def least_advance(business: Business, currency: str) -> int:
    """Return the least a customer may pay in advance: the business's minimum, where it has one in this currency."""
    return max(1, business.partial_payment_minimum if currency == business.currency else 0)
