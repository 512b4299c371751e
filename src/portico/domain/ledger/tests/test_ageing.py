from datetime import date, timedelta
from uuid import UUID

import pytest

from conftest import Clock
from portico.domain.documents.actions.apply import Share
from portico.domain.ledger import queries, statements
from portico.domain.ledger.models import Account
from portico.domain.ledger.tests.history import new_business, new_customer, new_document, pay

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)
EDGES = (30, 60, 90)


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (-5, "current"), (0, "current"), (1, "1_30"), (29, "1_30"), (30, "1_30"), (31, "31_60"), (60, "31_60"),
        (61, "61_90"), (90, "61_90"), (91, "91_plus"), (120, "91_plus"), (4000, "91_plus"),
    ],
)  # fmt: skip
def test_every_day_falls_into_exactly_one_bucket(clock: Clock, days: int, bucket: str) -> None:
    customer = new_customer(new_business())
    due = TODAY - timedelta(days=days)
    new_document(customer, 1000, min(due, TODAY), due_on=due)
    found = queries.age(queries.open_items(account(customer.pk), TODAY), EDGES)
    assert {entry.name: (entry.count, entry.amount) for entry in found if entry.count} == {bucket: (1, 1000)}


def test_without_a_due_date_the_issue_date_counts(clock: Clock) -> None:
    customer = new_customer(new_business())
    new_document(customer, 1000, TODAY - timedelta(days=31))
    [item] = queries.open_items(account(customer.pk), TODAY)
    assert (item.days, item.days_past_due) == (31, 0)


def test_edges_can_be_the_business_s_own(clock: Clock) -> None:
    assert queries.bucket_names((15, 45)) == ["current", "1_15", "16_45", "46_plus", "unapplied"]
    customer = new_customer(new_business())
    new_document(customer, 1000, TODAY - timedelta(days=16))
    found = queries.age(queries.open_items(account(customer.pk), TODAY), (15, 45))
    assert [entry.amount for entry in found] == [0, 0, 1000, 0, 0]


def test_unapplied_money_has_its_own_column_and_is_never_netted(clock: Clock) -> None:
    customer = new_customer(new_business())
    invoice = new_document(customer, 1000, TODAY - timedelta(days=50))
    pay(customer, 1500, TODAY, Share(invoice, 400))
    found = {entry.name: entry.amount for entry in queries.age(queries.open_items(account(customer.pk), TODAY), EDGES)}
    assert (found["31_60"], found["unapplied"]) == (600, -1100)
    assert sum(found.values()) == account(customer.pk).balance == -500


def test_a_business_s_ageing_holds_no_other_currency_or_business(clock: Clock) -> None:
    business = new_business()
    new_document(new_customer(business), 1000, TODAY)
    new_document(new_customer(business), 700, TODAY, currency="JPY")
    new_document(new_customer(new_business()), 5000, TODAY)
    assert [item.open for item in queries.open_items_of_business(business.id, "EUR", TODAY)] == [1000]


def test_what_is_dated_ahead_does_not_count_yet(clock: Clock) -> None:
    customer = new_customer(new_business())
    new_document(customer, 1000, TODAY + timedelta(days=1))
    period = statements.balance_forward(
        account(customer.pk), TODAY, TODAY + timedelta(days=30), today=TODAY, edges=EDGES
    )
    assert (period.closing, list(period.lines())) == (0, [])
    later = statements.open_item(account(customer.pk), TODAY + timedelta(days=1), today=TODAY, edges=EDGES)
    assert (later.total, later.items) == (0, [])


def test_the_order_of_a_day_is_debits_first_then_number(clock: Clock) -> None:
    customer = new_customer(new_business())
    second = new_document(customer, 200, TODAY, number="B-2")
    pay(customer, 300, TODAY, Share(second, 200))
    new_document(customer, 100, TODAY, number="A-1")
    period = statements.balance_forward(account(customer.pk), TODAY, TODAY, today=TODAY, edges=EDGES)
    assert [(line.number, line.balance) for line in period.lines()] == [("A-1", 100), ("B-2", 300), ("PAY-0001", 0)]
    assert [(line.number, line.balance) for line in period.lines(offset=1, limit=1)] == [("B-2", 300)]


def test_the_past_is_what_it_was(clock: Clock) -> None:
    """A payment of today changes nothing about last month."""
    customer = new_customer(new_business())
    last_month = TODAY - timedelta(days=30)
    invoice = new_document(customer, 1000, last_month)
    before = statements.open_item(account(customer.pk), last_month, today=TODAY, edges=EDGES)
    pay(customer, 1000, TODAY, Share(invoice, 1000))
    after = statements.open_item(account(customer.pk), last_month, today=TODAY, edges=EDGES)
    assert (after.items, after.total) == (before.items, 1000)


def account(customer_id: UUID) -> Account:
    return Account.objects.get(customer_id=customer_id, currency="EUR")
