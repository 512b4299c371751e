"""Sums over what a viewer sees agree with the ledger's own."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from conftest import Clock
from portico.domain.access.viewer import OperatorViewer
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.models import Kind
from portico.domain.documents.overview import counts, dues, invoiced_by_month
from portico.domain.ledger.queries import account_of, age, open_items
from portico.domain.ledger.tests.history import new_business, new_customer, new_document, pay

TODAY = date(2026, 11, 20)


@pytest.mark.django_db
def test_what_is_owed_by_currency(clock: Clock) -> None:
    customer = new_customer(new_business())
    new_document(customer, 1000, TODAY - timedelta(days=40), due_on=TODAY - timedelta(days=30))
    new_document(customer, 2000, TODAY - timedelta(days=40), due_on=TODAY - timedelta(days=31))
    new_document(customer, 4000, TODAY - timedelta(days=4), due_on=TODAY)
    new_document(customer, 8000, TODAY + timedelta(days=4))
    new_document(customer, 500, TODAY - timedelta(days=2), currency="JPY")
    euro, yen = dues(OperatorViewer(customer.business), TODAY, (30, 60, 90))
    assert (euro.currency, euro.amount, euro.count) == ("EUR", 7000, 3)
    assert (euro.past_due, euro.past_due_count, euro.next_on) == (3000, 2, TODAY)
    assert euro.columns == [("current", 4000), ("1_30", 1000), ("31_60", 2000), ("61_90", 0), ("91_plus", 0)]
    assert (yen.currency, yen.past_due, yen.next_on) == ("JPY", 0, None), "without a due date nothing is past due"
    assert yen.columns[1] == ("1_30", 5), "its age counts from the issue date"


@pytest.mark.django_db
def test_a_year_by_month(clock: Clock) -> None:
    customer = new_customer(new_business())
    paid = new_document(customer, 1000, date(2026, 9, 1))
    new_document(customer, 300, date(2026, 9, 30))
    new_document(customer, 70, date(2026, 11, 20))
    new_document(customer, 9999, date(2026, 8, 31))
    pay(customer, 400, TODAY, Share(paid, 400))
    months = invoiced_by_month(OperatorViewer(customer.business), date(2026, 9, 1), TODAY)
    assert [(month.first_day, month.paid, month.open) for month in months] == [
        (date(2026, 9, 1), 400, 900),
        (date(2026, 11, 1), 0, 70),
    ]


@pytest.mark.django_db
def test_counts_leave_out_what_there_is_none_of(clock: Clock) -> None:
    customer = new_customer(new_business())
    new_document(customer, 1, TODAY)
    new_document(customer, 1, TODAY, kind=Kind.ESTIMATE)
    assert counts(OperatorViewer(customer.business)) == {Kind.INVOICE: 1, Kind.ESTIMATE: 1}


class Agreement(TestCase):
    @settings(max_examples=15)
    @given(st.lists(st.tuples(st.integers(0, 150), st.integers(0, 60), st.integers(1, 5000)), max_size=8))
    def test_columns_are_the_ledger_s(self, invoices: list[tuple[int, int, int]]) -> None:
        customer = new_customer(new_business())
        today = customer.business.today()
        for age_in_days, term, amount in invoices:
            issued_on = today - timedelta(days=age_in_days)
            new_document(customer, amount, issued_on, due_on=issued_on + timedelta(days=term) if term else None)
        account = account_of(customer.pk, "EUR")
        ledger = age(open_items(account, today), (30, 60, 90)) if account else []
        found = dues(OperatorViewer(customer.business), today, (30, 60, 90))
        assert [column for due in found for column in due.columns] == [
            (bucket.name, bucket.amount) for bucket in ledger if bucket.name != "unapplied"
        ]
