"""Whatever happens to an account, on every day its numbers agree with each other and with a plain recount."""

from collections import defaultdict
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Clock
from portico.domain.documents import check as documents
from portico.domain.documents.models import Document
from portico.domain.ledger import check, queries, statements
from portico.domain.ledger.actions.allocate import allocate, take_back
from portico.domain.ledger.models import Account, Allocation, Entry, Item
from portico.domain.ledger.tests.history import FIRST_DAY, Event, History, events, new_business, new_customer
from portico.domain.payments import check as payments
from portico.domain.payments.models import Payment

pytestmark = pytest.mark.django_db

EDGES = (30, 60, 90)


def lived(clock: Clock, happenings: list[Event]) -> tuple[History, Account | None]:
    clock.set(f"{FIRST_DAY}T12:00")
    history = History(clock, new_customer(new_business()))
    history.live(happenings)
    return history, queries.account_of(history.customer.pk, "EUR")


def recount(account: Account, day: date) -> dict[UUID, int]:
    """What is open of every item on a day, counted the plain way: all facts dated up to it, one by one."""
    left: defaultdict[UUID, int] = defaultdict(int)
    for entry in Entry.objects.filter(account=account, date__lte=day):
        left[entry.item_id] += entry.amount
    for allocation in Allocation.objects.filter(account=account, date__lte=day):
        left[allocation.credit_id] += allocation.amount
        left[allocation.debit_id] -= allocation.amount
    return {key: amount for key, amount in left.items() if amount}


@settings(max_examples=60)
@given(happenings=events, back=st.integers(0, 200), length=st.integers(0, 120))
def test_every_number_of_a_day_agrees(clock: Clock, happenings: list[Event], back: int, length: int) -> None:
    history, account = lived(clock, happenings)
    if account is None:
        return
    end = history.today - timedelta(days=back)
    start = end - timedelta(days=length)
    forward = statements.balance_forward(account, start, end, today=history.today, edges=EDGES)
    lines = list(forward.lines())
    opening = sum(Entry.objects.filter(account=account, date__lt=start).values_list("amount", flat=True))
    assert forward.opening == opening
    assert forward.opening + forward.debits - forward.credits == forward.closing
    assert (sum(line.debit for line in lines), sum(line.credit for line in lines)) == (forward.debits, forward.credits)
    assert (lines[-1].balance if lines else forward.opening) == forward.closing
    assert len(lines) == forward.count
    on_the_day = statements.open_item(account, end, today=history.today, edges=EDGES)
    assert {item.id: item.open for item in on_the_day.items} == recount(account, end)
    assert on_the_day.total == forward.closing == sum(bucket.amount for bucket in forward.ageing)
    assert on_the_day.ageing == forward.ageing
    assert all(item.original - item.applied == item.open for item in on_the_day.items)
    day_after = statements.balance_forward(account, end + timedelta(days=1), end, today=history.today, edges=EDGES)
    assert day_after.opening == forward.closing


@settings(max_examples=60)
@given(happenings=events)
def test_stored_amounts_are_what_the_facts_add_up_to(clock: Clock, happenings: list[Event]) -> None:
    history, account = lived(clock, happenings)
    assert [*check.differences(), *documents.differences(), *payments.differences()] == []
    if account is None:
        return
    left = recount(account, date.max)
    assert account.balance == sum(left.values())
    for document in Document.objects.filter(customer=history.customer):
        assert document.open_amount == document.sign * left.get(document.pk, 0)
    for payment in Payment.objects.filter(customer=history.customer).select_related("item"):
        assert payment.unapplied == -left.get(payment.pk, 0)
        assert 0 <= payment.unapplied <= payment.amount


@settings(max_examples=40)
@given(happenings=events, day=st.integers(0, 300))
def test_nothing_is_ever_applied_beyond_what_there_is(clock: Clock, happenings: list[Event], day: int) -> None:
    _, account = lived(clock, happenings)
    if account is None:
        return
    amounts = dict(Item.objects.filter(account=account).values_list("id", "amount"))
    for key, left in recount(account, FIRST_DAY + timedelta(days=day - 60)).items():
        assert 0 < left / amounts[key] <= 1, "an item turned around or grew"


@settings(max_examples=60)
@given(happenings=events)
def test_closed_books_never_change(clock: Clock, happenings: list[Event]) -> None:
    history, _ = lived(clock, happenings)
    assert {day: history.books_of(day) for day in history.closed} == history.closed


@settings(max_examples=30)
@given(happenings=events)
def test_applying_differently_never_moves_the_balance(clock: Clock, happenings: list[Event]) -> None:
    history, account = lived(clock, happenings)
    if account is None:
        return

    def forward() -> list[statements.StatementLine]:
        period = statements.balance_forward(
            account, FIRST_DAY - timedelta(days=99), history.today, today=history.today, edges=EDGES
        )
        return [*period.lines()]

    before = forward()
    credits = list(Item.objects.filter(account=account, amount__lt=0, kind__in=["payment", "credit_note"]))
    for credit in credits:
        take_back(credit, history.today)
    open_debits = list(Item.objects.filter(account=account, open__gt=0, issued_on__lte=history.today))
    for credit, debit in zip(Item.objects.filter(account=account, open__lt=0), open_debits, strict=False):
        if credit.issued_on <= history.today:
            allocate(credit, debit, min(-credit.open, debit.open), history.today)
    assert forward() == before
    after = statements.open_item(account, history.today, today=history.today, edges=EDGES)
    assert {item.id: item.open for item in after.items} == recount(account, history.today)


def test_histories_reach_every_action(clock: Clock) -> None:
    """The drawn lives are no use when the domain refuses them all: one that is known to do everything."""
    actions = ["issue", "issue", "issue", "credit", "pay", "apply", "refund", "write_off", "void_payment", "void"]
    picks = {"apply": 3, "write_off": 2, "void": 1, "pay": 1, "refund": 0, "void_payment": 0, "credit": 1, "issue": 1}
    history, account = lived(clock, [Event(action, 3, picks[action], 500, 0) for action in actions])
    assert account is not None
    kinds = set(Entry.objects.filter(account=account).values_list("kind", flat=True))
    assert {"invoice", "credit_note", "payment", "refund", "write_off", "invoice_void"} <= kinds
    assert history.refused == 1, "voiding a refunded payment"


def test_histories_reach_what_is_done_to_credits_refunds_and_disputes(clock: Clock) -> None:
    actions = [
        ("issue", 1), ("issue", 1), ("pay", 1), ("apply_money", 14), ("take_off", 0), ("refund", 0), ("bounce", 0),
        ("dispute", 5), ("dispute", 10), ("adjust", 1), ("adjust", 0), ("issue", 1), ("write_off", 2),
        ("undo_write_off", 2), ("pay_short", 2),
    ]  # fmt: skip
    history, account = lived(
        clock, [Event(action, 3, pick, 400 if action == "pay_short" else 500, 0) for action, pick in actions]
    )
    assert account is not None
    kinds = set(Entry.objects.filter(account=account).values_list("kind", flat=True))
    assert {"refund_reversal", "dispute", "dispute_reversal", "credit_adjustment", "write_off_reversal"} <= kinds
    assert history.refused == 0
