"""A payment's state as its customer reads it."""

from portico.domain.payments.models import Payment, State
from portico.web.shared.status import Tag, plain_tag


def payment_tag(row: Payment) -> Tag:
    """Return the tag of a payment: received, partly or wholly refunded, voided."""
    if row.state == State.VOIDED:
        return plain_tag("voided")
    if row.refunded:
        return plain_tag("refunded" if row.refunded == row.amount else "partially_refunded")
    return plain_tag("succeeded")
