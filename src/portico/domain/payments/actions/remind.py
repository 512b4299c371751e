"""Reminders before money is due or collected: an instalment that the customer pays, and what AutoPay will collect."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import SYSTEM
from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.documents.models import Document, Kind, Lifecycle, PaymentPlan
from portico.domain.documents.plan_queries import in_force
from portico.domain.documents.plans import Part
from portico.domain.ledger.actions.lock import lock_account
from portico.domain.payments.autopay import Collection, collectable_batches, collections, collector_of
from portico.domain.payments.queries import active_shares
from portico.lib.clock import local_date, now

# How long before its day a customer is reminded.
AHEAD = timedelta(days=3)


def remind() -> int:
    """Announce the instalments and collections of the next days, each once; returns how many.

    What is due or collected today already, or could not be collected before, is told in other ways.
    """
    announced = sum(
        _announce(row) for enrolled in collectable_batches() for row in collections(enrolled) if _is_soon(row)
    )
    return announced + sum(_remind(plan, part) for plan, part in _instalments())


def _is_soon(row: Collection) -> bool:
    if row.at is None or row.failures:
        return False
    business = row.invoice.business
    return business.today() < local_date(row.at, business.time_zone) <= business.today() + AHEAD


def _instalments() -> Iterator[tuple[PaymentPlan, Part]]:
    """Yield the instalments of the next days that customers pay by themselves."""
    # Wherever the business is: a day more on both sides, and each is asked by its own day below.
    today = now().date()
    rows = Document.objects.filter(
        kind=Kind.INVOICE,
        lifecycle=Lifecycle.ISSUED,
        open_amount__gt=0,
        instalment_due_on__gte=today,
        instalment_due_on__lte=today + AHEAD + timedelta(days=1),
        # What keeps an invoice from being reminded of keeps its instalments, too.
        reminders_stopped=False,
        customer__reminders_stopped=False,
        needs_attention=False,
    )
    keys = list(rows.values_list("pk", flat=True))
    busy = set(active_shares(keys).values_list("pays", flat=True))
    for plan in in_force(key for key in keys if key not in busy):
        part, day, customer = plan.next_part, plan.business.today(), plan.document.customer
        if part is None or not day < part.due_on <= day + AHEAD:
            continue
        if not collections(collector_of(customer), plan.document_id):
            yield plan, part


@transaction.atomic
def _announce(row: Collection) -> bool:
    invoice = row.invoice
    assert row.at is not None, "it was asked for"
    lock_account(invoice.business_id, invoice.customer_id, invoice.currency)
    day = local_date(row.at, invoice.business.time_zone)
    if _was_announced(invoice.pk, Event.AUTOPAY_ANNOUNCED, day):
        return False
    amount = row.amount + row.offer.fee_on(row.amount)
    record(Event.AUTOPAY_ANNOUNCED, invoice, by=SYSTEM, data=_facts(invoice, amount, day))
    return True


@transaction.atomic
def _remind(plan: PaymentPlan, part: Part) -> bool:
    invoice = plan.document
    lock_account(invoice.business_id, invoice.customer_id, invoice.currency)
    if _was_announced(plan.pk, Event.PLAN_INSTALMENT_NEXT, part.due_on):
        return False
    record(Event.PLAN_INSTALMENT_NEXT, plan, by=SYSTEM, data=_facts(invoice, part.left, part.due_on))
    return True


def _facts(invoice: Document, amount: int, day: date) -> dict[str, object]:
    return {"number": invoice.number, "currency": invoice.currency, "amount": amount, "due_on": day.isoformat()}


def _was_announced(subject: UUID, event: Event, day: date) -> bool:
    return Activity.objects.filter(subject_id=subject, verb=event, data__due_on=day.isoformat()).exists()
