"""The rule of what is past due, and that its forms in Python and in SQL agree everywhere."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conftest import Clock
from portico.domain.access.viewer import OperatorViewer
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.customer_balances import past_due_of, with_past_due
from portico.domain.documents.models import Document, Kind, Status
from portico.domain.documents.overview import dues
from portico.domain.documents.queries import of_status
from portico.domain.ledger.models import Account
from portico.domain.ledger.past_due import days_past_due
from portico.domain.ledger.queries import open_items
from portico.domain.ledger.tests.history import new_business, new_customer, new_document, pay

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("open_amount", "due_on", "days"),
    [
        (100, TODAY - timedelta(days=1), 1),
        (100, TODAY - timedelta(days=400), 400),
        (100, TODAY, 0),
        (100, TODAY + timedelta(days=1), 0),
        (100, None, 0),
        (0, TODAY - timedelta(days=9), 0),
        (-100, TODAY - timedelta(days=9), 0),
    ],
)
def test_past_due_needs_something_owed_and_a_due_date_gone_by(open_amount: int, due_on: date | None, days: int) -> None:
    assert days_past_due(open_amount, due_on, TODAY) == days


# Kind, days since the issue at least, days from the day asked about to the due date or none, amount, per cent paid.
_drawn = st.tuples(
    st.sampled_from([Kind.INVOICE, Kind.INVOICE, Kind.INVOICE, Kind.CREDIT_NOTE]),
    st.integers(0, 120),
    st.sampled_from([None, -40, -1, 0, 1, 30]),
    st.integers(-500, 5000),
    st.sampled_from([0, 40, 100]),
)


@pytest.mark.django_db
@settings(max_examples=25)
@given(st.lists(_drawn, max_size=6), st.integers(-5, 5))
@example([(Kind.INVOICE, 5, ahead, 1000, paid) for ahead in (None, -1, 0, 1) for paid in (0, 40, 100)], 0)
def test_every_query_calls_past_due_what_the_rule_does(
    clock: Clock, drawn: list[tuple[Kind, int, int | None, int, int]], shift: int
) -> None:
    customer = new_customer(new_business())
    day = TODAY + timedelta(days=shift)
    for kind, age, ahead, amount, percent in drawn:
        due_on = day + timedelta(days=ahead) if ahead is not None else None
        issued_on = min(TODAY - timedelta(days=age), due_on or TODAY)
        size = abs(amount) if kind is Kind.CREDIT_NOTE else amount
        document = new_document(customer, size, issued_on, kind=kind, due_on=due_on)
        paid = size * percent // 100
        if kind is Kind.INVOICE and paid > 0:
            pay(customer, paid, TODAY, Share(document, paid))

    documents = Document.objects.filter(customer=customer, kind=Kind.INVOICE)
    late = {row.pk: row.open_amount for row in documents if days_past_due(row.open_amount, row.due_on, day)}
    assert {row.pk for row in documents if row.status(day) is Status.PAST_DUE} == set(late)
    assert {row.pk for row in of_status(documents, Status.PAST_DUE, day)} == set(late)
    viewer = OperatorViewer(customer.business)
    assert sum(due.past_due for due in dues(viewer, day, (30, 60, 90)) if day >= TODAY) == (
        sum(late.values()) if day >= TODAY else 0
    )
    assert dict(past_due_of(viewer, [customer.pk], day).get(customer.pk, [])).get("EUR", 0) == sum(late.values())
    assert with_past_due(Customer.objects.all(), viewer, day).exists() == bool(late)
    for account in Account.objects.filter(customer=customer):
        if day >= TODAY:
            found = {item.id: item.open for item in open_items(account, day) if item.days_past_due}
            assert found == late
