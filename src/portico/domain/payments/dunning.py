"""Which open invoices are reminded of, on which day, and what keeps one from it. Nothing here changes anything."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from portico.domain.businesses.models import Business
from portico.domain.documents.models import Document, Kind, Lifecycle, PaymentPlan
from portico.domain.documents.plan_queries import plan_of
from portico.domain.ledger.models import Allocation
from portico.domain.payments.autopay import autopay_of, default_method
from portico.domain.payments.models import AttemptShare, Dispute, DisputeState
from portico.domain.payments.queries import promise_of, under_way_for

# A reminder that a downtime has held up is still sent for so long.
_CATCH_UP = timedelta(days=3)
# A customer who got the invoice just now needs no reminder before it is due.
_FRESH = timedelta(days=1)


class Quiet(StrEnum):
    """Why an invoice is not reminded of."""

    SETTLED = "settled"
    NO_DUE_DATE = "no_due_date"
    STOPPED = "stopped"
    CUSTOMER = "customer"
    QUESTION = "question"
    DISPUTED = "disputed"
    PLAN = "plan"
    PROMISED = "promised"
    UNDER_WAY = "under_way"
    AUTOPAY = "autopay"


class Due(NamedTuple):
    """An invoice whose reminder is due, and which one: so many days after its due date, before it when negative."""

    invoice: Document
    due_on: date
    days: int


def quiet_because(invoice: Document, today: date) -> Quiet | None:
    """Return what keeps an invoice, as it is now, from being reminded of; None when nothing does."""
    if not invoice.is_owed:
        return Quiet.SETTLED
    if invoice.reminders_stopped:
        return Quiet.STOPPED
    if invoice.customer.reminders_stopped:
        return Quiet.CUSTOMER
    if invoice.needs_attention:
        return Quiet.QUESTION
    # A plan has reminders of its own.
    if invoice.instalment_due_on is not None or plan_of(invoice) is not None:
        return Quiet.PLAN
    if invoice.due_on is None:
        return Quiet.NO_DUE_DATE
    promise = promise_of(invoice)
    if promise is not None and promise.promised_on >= today:
        return Quiet.PROMISED
    if under_way_for(invoice) is not None:
        return Quiet.UNDER_WAY
    if _is_collected(invoice, today):
        return Quiet.AUTOPAY
    return Quiet.DISPUTED if _is_disputed(invoice) else None


def next_reminder(invoice: Document, days: Sequence[int], today: date) -> date | None:
    """Return the next day on which an invoice is reminded of, if nothing keeps it from that."""
    if invoice.due_on is None:
        return None
    coming = (invoice.due_on + timedelta(days=step) for step in sorted(days))
    return next((day for day in coming if day > today), None)


def candidates(business: Business, today: date) -> QuerySet[Document]:
    """The open invoices of a business near enough to one of its days for reminders, but for those with a plan.

    What else keeps one from it is asked of each: few are as near as that and not asked for.
    """
    days = business.reminder_days or [0]
    rows = Document.objects.filter(business=business, kind=Kind.INVOICE, lifecycle=Lifecycle.ISSUED)
    # Said as the partial index says it, or SQLite would not use it.
    rows = rows.exclude(open_amount=0).filter(open_amount__gt=0, reminders_stopped=False, needs_attention=False)
    first = today - timedelta(days=max(days)) - _CATCH_UP
    rows = rows.filter(due_on__gte=first, due_on__lte=today - timedelta(days=min(days)))
    rows = rows.filter(customer__reminders_stopped=False, instalment_due_on=None)
    rows = rows.exclude(Exists(PaymentPlan.objects.filter(document=OuterRef("pk"), ended_at=None)))
    rows = rows.exclude(Exists(AttemptShare.objects.filter(document=OuterRef("pk"), active=True, credit=None)))
    return rows.select_related("customer__business", "business").order_by("due_on", "id")


def due_step(invoice: Document, days: Sequence[int], today: date) -> Due | None:
    """Return the reminder of an invoice that is due: the last one whose day has come, unless that is long ago."""
    if invoice.due_on is None:
        return None
    past = [step for step in days if invoice.due_on + timedelta(days=step) <= today]
    if not past:
        return None
    step = max(past)
    late = today - (invoice.due_on + timedelta(days=step))
    if late > _CATCH_UP or (step < 0 and invoice.issued_on >= today - _FRESH):
        return None
    return Due(invoice, invoice.due_on, step)


def _is_collected(invoice: Document, today: date) -> bool:
    """Whether AutoPay is still to collect it: once it is past due it has been tried."""
    late = invoice.due_on is not None and invoice.due_on < today
    customer = invoice.customer
    if late or not invoice.business.allow_autopay or autopay_of(customer) is None:
        return False
    return default_method(customer) is not None


def _is_disputed(invoice: Document) -> bool:
    """Whether a payment of it is objected to at a bank."""
    rows = Dispute.objects.filter(
        business=invoice.business_id,
        payment__customer=invoice.customer_id,
        state__in=[DisputeState.OPEN, DisputeState.WITHDRAWN],
    ).select_related("payment")
    return any(
        str(invoice.pk) in row.taken_from
        or Allocation.objects.filter(debit=invoice.pk, credit=row.payment.item_id).exists()
        for row in rows
    )
