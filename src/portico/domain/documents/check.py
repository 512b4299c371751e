"""Compares what documents say of their money with the ledger and the write-offs it comes from."""

from collections.abc import Iterator
from itertools import batched
from uuid import UUID

from django.db.models import BigIntegerField, Case, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce

from portico.domain.documents.kinds import SPECS
from portico.domain.documents.models import Document, Lifecycle, PaymentPlan, WriteOff, WriteOffKind
from portico.domain.documents.plan_queries import in_force
from portico.domain.ledger.check import Difference
from portico.domain.ledger.models import Item

_TOGETHER = 200


def differences(business_id: UUID | None = None) -> Iterator[Difference]:
    """Yield what differs on the documents of one business, or of all: what is due, open and written off."""
    rows = Document.objects.filter(business_id=business_id) if business_id else Document.objects.all()
    item = Item.objects.filter(pk=OuterRef("pk"))
    written_off = WriteOff.objects.filter(document=OuterRef("pk"), reversed_on=None, kind=WriteOffKind.UNCOLLECTIBLE)
    given_up = written_off.order_by().values("document")
    counted = (
        rows.exclude(lifecycle=Lifecycle.DRAFT)
        .annotate(direction=_DIRECTION)
        .annotate(
            in_ledger=F("direction") * Coalesce(Subquery(item.values("amount")), 0),
            left=F("direction") * Coalesce(Subquery(item.values("open")), 0),
            given_up=Coalesce(Subquery(given_up.annotate(sum=Sum("amount")).values("sum")), 0),
        )
    )
    wrong = counted.exclude(
        Q(direction=0) | Q(payable=F("in_ledger")), open_amount=F("left"), written_off=F("given_up")
    )
    for document in wrong.iterator():
        where = (document.public_id, document.number, document.currency)
        if document.sign and document.payable != document.in_ledger:
            yield Difference("the amount due", *where, document.payable, document.in_ledger)
        if document.open_amount != document.left:
            yield Difference("the open amount", *where, document.open_amount, document.left, document, "open_amount")
        if document.written_off != document.given_up:
            yield Difference(
                "what was written off", *where, document.written_off, document.given_up, document, "written_off"
            )


def plan_differences(business_id: UUID | None = None) -> Iterator[Difference]:
    """Yield the invoices, of one business or of all, whose next instalment is another day than their plan says."""
    rows = Document.objects.filter(business_id=business_id) if business_id else Document.objects.all()
    planned = PaymentPlan.objects.filter(ended_at=None).values("document")
    asked = rows.filter(Q(pk__in=planned) | Q(instalment_due_on__isnull=False))
    for batch in batched(asked.order_by("id").iterator(), _TOGETHER, strict=False):
        parts = {plan.document_id: plan.next_part for plan in in_force(row.pk for row in batch)}
        for document in batch:
            part = parts.get(document.pk)
            day, stored = part.due_on if part else None, document.instalment_due_on
            if stored != day:
                where = (document.public_id, document.number, document.currency)
                yield Difference("the next instalment", *where, stored, day, document, "instalment_due_on")


_DIRECTION = Case(
    *(When(kind=kind, then=spec.sign) for kind, spec in SPECS.items()), default=0, output_field=BigIntegerField()
)
