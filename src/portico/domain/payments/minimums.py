"""The least that a customer may pay, by the business's rules. Amounts are minor units."""

from portico.domain.businesses.models import Business
from portico.domain.documents.models import Document
from portico.domain.documents.plan_queries import outstanding_plans


def least_of(business: Business, invoice: Document) -> int:
    """Return the least a customer may pay of an invoice: all that is open, or the business's minimum where it is less.

    Of one with a payment plan that runs it is enough to pay the next instalment. The minimum counts for invoices in the
    business's own currency; in others any amount is enough.
    """
    if invoice.instalment_due_on is not None:
        plan = outstanding_plans([invoice.pk]).get(invoice.pk)
        part = plan.next_part if plan else None
        if part is not None:
            return min(part.left, _least(business, invoice))
    return _least(business, invoice)


def _least(business: Business, invoice: Document) -> int:
    if not business.allow_partial_payments:
        return invoice.open_amount
    minimum = business.partial_payment_minimum if invoice.currency == business.currency else 0
    return max(1, min(minimum, invoice.open_amount))


def least_advance(business: Business, currency: str) -> int:
    """Return the least a customer may pay in advance: the business's minimum, where it has one in this currency."""
    return max(1, business.partial_payment_minimum if currency == business.currency else 0)
