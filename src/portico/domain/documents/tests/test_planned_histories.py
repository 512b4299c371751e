"""Whatever happens to invoices with payment plans, their dates and sums follow the instalments."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Clock
from portico.domain.access.viewer import OperatorViewer
from portico.domain.documents.customer_balances import past_due_of
from portico.domain.documents.models import Document, Kind, PaymentPlan, Status
from portico.domain.documents.overview import dues
from portico.domain.documents.plan_queries import in_force
from portico.domain.documents.queries import of_status
from portico.domain.ledger.tests.history import FIRST_DAY, Event, History, events, new_business, new_customer

pytestmark = pytest.mark.django_db


def lived(clock: Clock, happenings: list[Event]) -> History:
    clock.set(f"{FIRST_DAY}T12:00")
    history = History(clock, new_customer(new_business()))
    history.live(happenings)
    return history


# What there is to plan, before what is drawn.
_BEGINNING = [Event("issue", 0, 8, 12345, -10), Event("issue", 0, 9, 1000, -5), Event("plan", 1, 4, 0, 3)]


@settings(max_examples=15)
@given(happenings=events, ahead=st.integers(0, 60))
def test_dates_and_sums_follow_the_plans(clock: Clock, happenings: list[Event], ahead: int) -> None:
    history = lived(clock, _BEGINNING + happenings)
    today = history.today + timedelta(days=ahead)
    viewer = OperatorViewer(history.customer.business)
    rows = list(Document.objects.filter(customer=history.customer, kind=Kind.INVOICE))
    plans = {plan.document_id: plan for plan in in_force(row.pk for row in rows)}
    missed = 0
    for row in rows:
        plan = plans.get(row.pk)
        part = plan.next_part if plan else None
        assert row.instalment_due_on == (part and part.due_on)
        if plan is not None:
            assert sum(part.left for part in plan.parts) == max(0, row.open_amount)
        if row.status(today) == Status.PAST_DUE:
            late = sum(part.left for part in plan.parts if part.due_on < today) if plan else row.open_amount
            assert 0 < late <= row.open_amount
            missed += late
    invoices = Document.objects.filter(customer=history.customer, kind=Kind.INVOICE)
    for status in Status:
        found = {row.pk for row in of_status(invoices, status, today)}
        assert found == {row.pk for row in rows if row.status(today) == status}, status
    sums = past_due_of(viewer, [history.customer.pk], today)
    assert sum(amount for _, amount in sums.get(history.customer.pk, [])) == missed
    owed = [row for row in dues(viewer, today, (30, 60, 90)) if row.currency == "EUR"]
    assert sum(row.past_due for row in owed) == missed
    assert PaymentPlan.objects.filter(document__in=invoices, ended_at=None).count() <= len(rows)
