"""Compares what payments say of their money with the ledger and the refunds it comes from."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from portico.domain.documents.check import differences as document_differences
from portico.domain.documents.check import plan_differences
from portico.domain.ledger.check import Difference
from portico.domain.ledger.check import differences as ledger_differences
from portico.domain.payments.models import Dispute, Payment, Refund, RefundState


def differences(business_id: UUID | None = None) -> Iterator[Difference]:
    """Yield what differs on the payments of one business, or of all: what was received, given and taken back."""
    rows = Payment.objects.filter(business_id=business_id) if business_id else Payment.objects.all()
    refunds = Refund.objects.filter(payment=OuterRef("pk"), state=RefundState.SUCCEEDED).order_by().values("payment")
    disputes = Dispute.objects.filter(payment=OuterRef("pk")).order_by().values("payment")
    counted = rows.annotate(
        in_ledger=-F("item__amount"),
        given_back=Coalesce(Subquery(refunds.annotate(sum=Sum("amount")).values("sum")), 0),
        taken_back=Coalesce(Subquery(disputes.annotate(sum=Sum("taken")).values("sum")), 0),
    )
    right = {"amount": F("in_ledger"), "refunded": F("given_back"), "disputed": F("taken_back")}
    for payment in counted.exclude(**right).iterator():
        where = (payment.public_id, payment.number, payment.currency)
        if payment.amount != payment.in_ledger:
            yield Difference("the amount", *where, payment.amount, payment.in_ledger)
        if payment.refunded != payment.given_back:
            yield Difference("what was refunded", *where, payment.refunded, payment.given_back, payment, "refunded")
        if payment.disputed != payment.taken_back:
            yield Difference("what a bank took back", *where, payment.disputed, payment.taken_back, payment, "disputed")


def all_differences(business_id: UUID | None = None) -> Iterator[Difference]:
    """Yield every stored amount, of one business or of all, that is not what its facts add up to."""
    for part in (ledger_differences, document_differences, plan_differences, differences):
        yield from part(business_id)
