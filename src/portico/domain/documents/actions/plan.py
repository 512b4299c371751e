"""A payment plan is made, changed and canceled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.documents.actions.lock import lock_document
from portico.domain.documents.actions.settle import follow_plans
from portico.domain.documents.errors import WrongState
from portico.domain.documents.models import Document, Instalment, PaymentPlan
from portico.domain.documents.plan_queries import plan_of
from portico.domain.documents.plans import amounts_left
from portico.lib.clock import now
from portico.lib.errors import FieldError, Invalid

MOST_INSTALMENTS = 60
LONGEST = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True)
class InstalmentInput:
    """A part of an invoice (minor units) and the day it is due."""

    due_on: date
    amount: int


@dataclass(frozen=True, slots=True)
class PlanInput:
    """How an invoice is to be paid. With `collects`, each instalment is collected by the default method on its day."""

    instalments: Sequence[InstalmentInput]
    needs_approval: bool = True
    collects: bool = False


@transaction.atomic
def make_plan(invoice: Document, data: PlanInput, *, by: Actor) -> PaymentPlan:
    """Let what is open of an invoice be paid in instalments.

    A plan that is there already is replaced, and the new one asks for another approval; the same again changes nothing.
    Raises WrongState when nothing is owed, Invalid for instalments that do not come to what is open, each at its place.
    """
    _account, invoice = lock_document(invoice)
    if not invoice.is_owed:
        raise WrongState(f"Nothing is owed on {invoice}, so there is nothing to plan.")
    earlier = plan_of(invoice)
    if earlier is not None and _is_same(earlier, data):
        return earlier
    _check(invoice, data)
    PaymentPlan.objects.filter(document=invoice, ended_at=None).update(ended_at=now())
    plan = PaymentPlan.objects.create(
        business_id=invoice.business_id,
        customer_id=invoice.customer_id,
        document=invoice,
        needs_approval=data.needs_approval,
        collects=data.collects,
    )
    left = amounts_left([row.amount for row in data.instalments])
    Instalment.objects.bulk_create(
        Instalment(plan=plan, due_on=row.due_on, amount=row.amount, open_after=after)
        for row, after in zip(data.instalments, left, strict=True)
    )
    # Until it is approved, what counts is the invoice's own due date.
    Document.objects.filter(pk=invoice.pk).update(instalment_due_on=None)
    follow_plans([invoice.pk])
    record(Event.PLAN_CHANGED if earlier else Event.PLAN_CREATED, plan, by=by, data=plan.facts)
    return _fresh(invoice)


@transaction.atomic
def cancel_plan(invoice: Document, *, by: Actor) -> None:
    """Let an invoice be due as it was before its payment plan; again changes nothing."""
    _account, invoice = lock_document(invoice)
    plan = plan_of(invoice)
    if plan is None:
        return
    plan.ended_at = now()
    plan.save(update_fields=["ended_at"])
    Document.objects.filter(pk=invoice.pk).update(instalment_due_on=None)
    record(Event.PLAN_CANCELED, plan, by=by, data=plan.facts)


@transaction.atomic
def ask_plan_mail(invoice: Document, *, by: Actor) -> None:
    """Have the plan of an invoice mailed to its customer. Raises WrongState when there is none to pay by."""
    _account, invoice = lock_document(invoice)
    plan = plan_of(invoice)
    if plan is None or not invoice.is_owed:
        raise WrongState(f"{invoice} has no payment plan.")
    record(Event.PLAN_MAIL_ASKED, plan, by=by, data={"number": invoice.number})


def _fresh(invoice: Document) -> PaymentPlan:
    plan = plan_of(invoice)
    assert plan is not None, "it was made just now"
    return plan


def _is_same(plan: PaymentPlan, data: PlanInput) -> bool:
    rows = [(row.due_on, row.amount) for row in plan.instalments.all()]
    flags = (plan.needs_approval, plan.collects) == (data.needs_approval, data.collects)
    return flags and rows == [(row.due_on, row.amount) for row in data.instalments]


def _check(invoice: Document, data: PlanInput) -> None:
    today, fields = invoice.business.today(), []
    if not data.instalments:
        fields.append(FieldError("/instalments", "A plan has one instalment at least."))
    if len(data.instalments) > MOST_INSTALMENTS:
        fields.append(FieldError("/instalments", f"A plan has {MOST_INSTALMENTS} instalments at most."))
    before = None
    for index, row in enumerate(data.instalments):
        place = f"/instalments/{index}"
        if row.amount <= 0:
            fields.append(FieldError(f"{place}/amount", "An instalment is more than zero."))
        if row.due_on < today:
            fields.append(FieldError(f"{place}/due_on", "The day has passed."))
        elif row.due_on < invoice.issued_on:
            fields.append(FieldError(f"{place}/due_on", "The day is before the invoice's own."))
        elif row.due_on > today + LONGEST:
            fields.append(FieldError(f"{place}/due_on", "The day is more than five years ahead."))
        elif before is not None and row.due_on <= before:
            fields.append(FieldError(f"{place}/due_on", "The day is not after that of the instalment before."))
        before = row.due_on
    total = sum(row.amount for row in data.instalments)
    if not fields and total != invoice.open_amount:
        message = f"The instalments come to {total}, and {invoice.open_amount} is open on {invoice.number}."
        raise Invalid(message, code="plan_total", fields=[FieldError("/instalments", message)])
    if fields:
        raise Invalid(fields[0].message, fields=fields)
