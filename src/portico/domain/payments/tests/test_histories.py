"""Random histories of collecting: attempts, AutoPay, plans, refunds and disputes at the sandbox, as time passes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.documents import check as documents
from portico.domain.documents.actions.approve_plan import approve_plan
from portico.domain.documents.actions.decide import Evidence
from portico.domain.documents.actions.plan import InstalmentInput, PlanInput, cancel_plan, make_plan
from portico.domain.documents.actions.void import void
from portico.domain.documents.models import Document
from portico.domain.documents.plans import Interval, days_from, equal_parts
from portico.domain.ledger import check as ledger
from portico.domain.payments import check as payments
from portico.domain.payments.actions.ask_provider import read_outcome
from portico.domain.payments.actions.ask_refund import ask_refund
from portico.domain.payments.actions.autopay import enrol, leave
from portico.domain.payments.actions.collect import collect_due
from portico.domain.payments.actions.keep_methods import make_default
from portico.domain.payments.actions.start_refund import start_refund
from portico.domain.payments.actions.sweep_attempts import sweep_attempts
from portico.domain.payments.actions.sweep_refunds import sweep_refunds
from portico.domain.payments.models import AttemptState, Method, Payment, PaymentAttempt
from portico.domain.payments.tests.test_disputes import hear
from portico.gateways.sandbox.connection import bank
from portico.lib.errors import PorticoError
from tests.shop import CARD, Shop

FIRST_DAY = date(2026, 1, 31)
# Pays; is declined at once; is declined once it is charged without its owner; asks its owner first.
CARDS = (CARD["card_number"], "4000 0000 0000 0002", "4000 0000 0000 0341", "4000 0000 0000 3220")


@dataclass(frozen=True)
class Event:
    """One action: what, how many days after the last one, and numbers to choose its object and size by."""

    action: str
    days: int
    pick: int
    amount: int


@dataclass
class History:
    """A customer whose invoices are paid through the sandbox, one action after the other."""

    shop: Shop
    clock: Clock
    today: date = FIRST_DAY
    invoices: list[Document] = field(default_factory=list)
    refused: int = 0

    def live(self, events: list[Event]) -> None:
        for event in events:
            self.today += timedelta(days=event.days)
            self.clock.set(f"{self.today}T12:00")
            collect_due()
            sweep_attempts()
            sweep_refunds()
            try:
                self._actions[event.action](self, event)
            except PorticoError:
                self.refused += 1

    def _issue(self, event: Event) -> None:
        self.invoices.append(self.shop.invoice(event.amount))

    def _pay(self, event: Event) -> None:
        invoice = self._invoice(event)
        amount = min(event.amount * 100, invoice.open_amount) if event.pick % 2 else invoice.open_amount
        share = [self.shop.share(invoice, amount)]
        self.shop.pay(self.shop.start(invoice, shares=share, submission=uuid4().hex), CARDS[event.pick % 4])

    def _debit(self, event: Event) -> None:
        invoice = self._invoice(event)
        self.shop.debit(self.shop.start(invoice, submission=uuid4().hex, method=Method.DIRECT_DEBIT))

    def _settle(self, event: Event) -> None:
        """The bank says what became of what it had begun, after all that happened here meanwhile."""
        under_way = list(PaymentAttempt.objects.exclude(provider_id="").order_by("id"))
        attempt = self._pick(under_way, event.pick)
        bank().move(attempt.provider_id, "succeeded" if event.pick % 3 else "failed", "insufficient_funds")
        for _ in range(2):
            read_outcome(PaymentAttempt.objects.select_related("gateway_account__business").get(pk=attempt.pk))

    def _plan(self, event: Event) -> None:
        invoice, number = self._invoice(event), 1 + event.pick % 4
        days = days_from(self.today, number, Interval.TWO_WEEKS)
        rows = [InstalmentInput(*row) for row in zip(days, equal_parts(invoice.open_amount, number), strict=True)]
        plan = make_plan(invoice, PlanInput(rows, event.pick % 2 > 0, collects=event.pick % 3 > 0), by=OPERATOR)
        if event.pick % 4 != 1:
            approve_plan(plan, Evidence(), by=OPERATOR)

    def _cancel_plan(self, event: Event) -> None:
        cancel_plan(self._invoice(event), by=OPERATOR)

    def _enrol(self, event: Event) -> None:
        make_default(self.shop.card((CARDS[0], *CARDS[2:])[event.pick % 3]), by=OPERATOR)
        enrol(self.shop.customer, by=OPERATOR)

    def _leave(self, _: Event) -> None:
        leave(self.shop.customer, by=OPERATOR)

    def _refund(self, event: Event) -> None:
        amount = event.amount * 100 if event.pick % 2 else 0
        payment = self._payment(event)
        ask_refund(start_refund(payment, amount or payment.amount, by=OPERATOR), by=OPERATOR)

    def _dispute(self, event: Event) -> None:
        states = (["open"], ["open", "lost"], ["open", "won"], ["withdrawn", "won"])[event.pick % 4]
        hear(self.shop.gateway, states, self._payment(event))

    def _void(self, event: Event) -> None:
        void(self._invoice(event), by=OPERATOR)

    def _invoice(self, event: Event) -> Document:
        return Document.objects.get(pk=self._pick(self.invoices, event.pick // 5).pk)

    def _payment(self, event: Event) -> Payment:
        return self._pick(list(Payment.objects.exclude(reference="").order_by("id")), event.pick)

    @staticmethod
    def _pick[T](rows: list[T], number: int) -> T:
        if not rows:
            raise PorticoError("Nothing to do it to.")
        return rows[number % len(rows)]

    _actions: "dict[str, Callable[[History, Event], None]]" = field(
        default_factory=lambda: {
            "issue": History._issue,
            "pay": History._pay,
            "debit": History._debit,
            "settle": History._settle,
            "plan": History._plan,
            "cancel_plan": History._cancel_plan,
            "enrol": History._enrol,
            "leave": History._leave,
            "refund": History._refund,
            "dispute": History._dispute,
            "void": History._void,
        }
    )


ACTIONS = ["issue", "issue", "issue", "pay", "pay", "debit", "settle", "settle", "plan", "plan", "cancel_plan", "enrol",
           "enrol", "leave", "refund", "dispute", "void"]  # fmt: skip
events = st.lists(
    st.builds(
        Event,
        action=st.sampled_from(ACTIONS),
        days=st.integers(0, 9),
        pick=st.integers(0, 400),
        amount=st.sampled_from([1, 10, 100, 333]),
    ),
    min_size=4,
    max_size=12,
)


@pytest.fixture
def new_shop(shop: Shop, settings: Settings, tmp_path: Path, clock: Clock) -> Callable[[], History]:
    """A history of a new business at a new bank each time: the examples of a property must not meet."""

    def new() -> History:
        settings.PORTICO_HOME = tmp_path / uuid4().hex
        settings.PORTICO_HOME.mkdir()
        bank.cache_clear()
        clock.set(f"{FIRST_DAY}T12:00")
        found = Shop(f"b-{uuid4().hex[:12]}")
        found.enrol()
        return History(found, clock)

    return new


def check(history: History) -> None:
    """Check the invariants of money between the sandbox, the attempts, the payments and the ledger."""
    assert [*ledger.differences(), *documents.differences(), *payments.differences()] == []
    charges = {charge["id"]: charge for charge in bank().charges(limit=1000)}
    attempts = PaymentAttempt.objects.filter(customer=history.shop.customer).select_related("payment")
    collected = {key for key, charge in charges.items() if charge["state"] == "succeeded" and charge["amount"]}
    booked = [attempt.provider_id for attempt in attempts if attempt.payment is not None]
    assert len(booked) == len(set(booked)), "a charge was booked twice"
    assert set(booked) >= collected & {attempt.provider_id for attempt in attempts}, "a charge was not booked"
    for attempt in attempts:
        assert (attempt.payment is not None) == (attempt.state == AttemptState.SUCCEEDED)
        if attempt.payment is not None:
            assert attempt.payment.amount == attempt.amount == charges[attempt.provider_id]["amount"]
            assert 0 <= attempt.payment.refunded + attempt.payment.disputed <= attempt.payment.amount
    for invoice in Document.objects.filter(customer=history.shop.customer):
        assert 0 <= invoice.open_amount <= invoice.payable


# Making a history smaller takes longer than reading it.
@settings(max_examples=12, phases=[Phase.generate])
@given(happenings=events)
def test_every_charge_is_one_payment_and_every_sum_agrees(
    new_shop: Callable[[], History], happenings: list[Event]
) -> None:
    history = new_shop()
    history.live(happenings)
    check(history)


def test_histories_reach_every_action(new_shop: Callable[[], History]) -> None:
    """One history in which nothing is refused, so that the drawn ones are known to do something."""
    history = new_shop()
    history.live([
        Event("issue", 0, 0, 100), Event("pay", 0, 0, 100), Event("refund", 1, 1, 10), Event("dispute", 1, 1, 10),
        Event("issue", 1, 0, 100), Event("plan", 0, 5, 0), Event("cancel_plan", 0, 5, 0), Event("plan", 0, 6, 0),
        Event("issue", 3, 0, 333), Event("debit", 0, 10, 0), Event("settle", 1, 400, 0), Event("leave", 0, 0, 0),
        Event("enrol", 3, 0, 0), Event("issue", 0, 0, 10), Event("void", 0, 15, 0), Event("issue", 1, 0, 10),
        Event("issue", 9, 0, 1), Event("issue", 9, 0, 1),
    ])  # fmt: skip
    assert history.refused == 0
    purposes = set(PaymentAttempt.objects.filter(payment__isnull=False).values_list("purpose", flat=True))
    assert {"invoices", "autopay"} <= purposes
    check(history)
