"""Random lives of an account: what happens is drawn, what can't happen is refused by the domain itself."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from hypothesis import strategies as st

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share, apply_credit, apply_credit_note
from portico.domain.documents.actions.approve_plan import approve_plan
from portico.domain.documents.actions.create import DocumentInput, create_document
from portico.domain.documents.actions.decide import Evidence
from portico.domain.documents.actions.plan import InstalmentInput, PlanInput, cancel_plan, make_plan
from portico.domain.documents.actions.take_off import take_off
from portico.domain.documents.actions.undo_write_off import undo_write_off
from portico.domain.documents.actions.void import void
from portico.domain.documents.actions.write_off import write_off
from portico.domain.documents.models import Document, Kind, WriteOffKind
from portico.domain.documents.plans import Interval, days_from, equal_parts
from portico.domain.documents.totals import LineInput
from portico.domain.ledger.actions.set_lock_date import set_lock_date
from portico.domain.ledger.models import Allocation, Entry, Item
from portico.domain.payments.actions.adjust_credit import AdjustmentInput, adjust_credit
from portico.domain.payments.actions.record_dispute import record_dispute
from portico.domain.payments.actions.record_payment import Difference, PaymentInput, record_payment
from portico.domain.payments.actions.record_refund import record_refund
from portico.domain.payments.actions.refund import refund
from portico.domain.payments.actions.void_payment import void_payment
from portico.domain.payments.gateway import DisputeNews, DisputeOutcome, OutcomeState, RefundOutcome
from portico.domain.payments.models import Method, Payment, Refund
from portico.lib.errors import PorticoError

FIRST_DAY = date(2026, 1, 31)


class Clock(Protocol):
    def set(self, instant: str) -> None: ...


@dataclass(frozen=True)
class Event:
    """One action: what, how many days after the last one, and numbers to choose its object and size by."""

    action: str
    days: int
    pick: int
    amount: int
    shift: int


def new_business(slug: str = "", **options: str) -> Business:
    data = {"name": "Nordwind", "currency": "EUR", "country": "DE", "time_zone": "Europe/Berlin", **options}
    return create_business(BusinessInput(slug=slug or f"b-{secrets.token_hex(6)}", **data), by=OPERATOR)


def new_customer(business: Business, name: str = "Acme GmbH", external_id: str = "") -> Customer:
    return upsert_customer(business, CustomerInput(name=name, external_id=external_id), by=OPERATOR)[0]


def new_document(
    customer: Customer,
    amount: int,
    on: date,
    *,
    kind: Kind = Kind.INVOICE,
    due_on: date | None = None,
    currency: str = "EUR",
    number: str = "",
    draft: bool = False,
) -> Document:
    """Issue a document of one line that comes to `amount` cents."""
    line = LineInput("Work", Decimal(1), Decimal(amount) / 100)
    data = DocumentInput(kind, currency, on, [line], due_on=due_on, number=number, draft=draft)
    return create_document(customer.business, customer, data, by=OPERATOR)


def pay(customer: Customer, amount: int, on: date, *shares: Share, currency: str = "EUR") -> Payment:
    return record_payment(customer, PaymentInput(amount, currency, on, Method.BANK_TRANSFER, shares), by=OPERATOR)


@dataclass
class History:
    """A customer's account being lived through."""

    clock: Clock
    customer: Customer
    today: date = FIRST_DAY
    documents: list[Document] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    refused: int = 0
    # What stood in the books of a day when it was closed: nothing may change that later.
    closed: dict[date, tuple[int, int]] = field(default_factory=dict)

    def live(self, events: list[Event]) -> None:
        for event in events:
            self.today += timedelta(days=event.days)
            self.clock.set(f"{self.today}T12:00")
            try:
                self._actions[event.action](self, event)
            except PorticoError:
                self.refused += 1

    def _issue(self, event: Event) -> None:
        on = self.today + timedelta(days=event.shift)
        due = on + timedelta(days=event.pick % 60) if event.pick % 4 else None
        sign = -1 if event.pick % 11 == 10 else 1
        self.documents.append(new_document(self.customer, sign * event.amount, on, due_on=due))

    def _credit(self, event: Event) -> None:
        on = self.today + timedelta(days=min(event.shift, 0))
        self.documents.append(new_document(self.customer, event.amount, on, kind=Kind.CREDIT_NOTE))

    def _pay(self, event: Event) -> None:
        shares = [Share(self._pick(self.documents, event.pick), event.amount)] if self.documents else []
        on = self.today + timedelta(days=min(event.shift, 0))
        received = event.amount + event.pick % 3 * 500
        self.payments.append(pay(self.customer, received, on, *shares if event.pick % 5 else ()))

    def _apply(self, event: Event) -> None:
        source, target = self._pick(self.documents, event.pick), self._pick(self.documents, event.pick // 7)
        apply_credit_note(source, [Share(target, event.amount)], by=OPERATOR)

    def _void(self, event: Event) -> None:
        void(self._pick(self.documents, event.pick), by=OPERATOR)

    def _void_payment(self, event: Event) -> None:
        void_payment(self._pick(self.payments, event.pick), by=OPERATOR)

    def _slip(self, event: Event) -> None:
        void_payment(self._pick(self.payments, event.pick), by=OPERATOR, is_slip=True)

    def _close(self, event: Event) -> None:
        """Close a day, no earlier than the last one."""
        business = Business.objects.get(pk=self.customer.business_id)
        day = max(self.today - timedelta(days=1 + event.pick % 50), business.lock_date or date.min)
        set_lock_date(business, day, by=OPERATOR)
        self.closed[day] = self.books_of(day)

    def books_of(self, day: date) -> tuple[int, int]:
        """What the entries come to that are dated up to a day, and how many rows there are of these and allocations."""
        entries = Entry.objects.filter(account__customer=self.customer, date__lte=day)
        allocations = Allocation.objects.filter(account__customer=self.customer, date__lte=day)
        return sum(entries.values_list("amount", flat=True)), entries.count() + allocations.count()

    def _refund(self, event: Event) -> None:
        on = self.today + timedelta(days=min(event.shift, 0))
        refund(self._pick(self.payments, event.pick), event.amount, by=OPERATOR, on=on)

    def _write_off(self, event: Event) -> None:
        on = self.today + timedelta(days=min(event.shift, 0))
        write_off(self._pick(self.documents, event.pick), by=OPERATOR, on=on)

    def _undo_write_off(self, event: Event) -> None:
        undo_write_off(self._pick(self.documents, event.pick), by=OPERATOR)

    def _pay_short(self, event: Event) -> None:
        invoice = self._pick(self.documents, event.pick)
        on = self.today + timedelta(days=min(event.shift, 0))
        short = [Difference(invoice, 1 + event.pick % 9, WriteOffKind.BANK_FEE)]
        shares = [Share(invoice, event.amount)]
        data = PaymentInput(event.amount, "EUR", on, Method.CHECK, shares, differences=short)
        self.payments.append(record_payment(self.customer, data, by=OPERATOR))

    def _apply_money(self, event: Event) -> None:
        credit = self._pick(self._credits(), event.pick)
        on = self.today + timedelta(days=event.shift) if event.pick % 2 else None
        invoice = self._pick(self.documents, event.pick // 7)
        amount = event.amount if event.pick % 3 else min(-credit.open, Item.objects.get(pk=invoice.pk).open)
        apply_credit(credit, [Share(invoice, amount)], by=OPERATOR, on=on)

    def _take_off(self, event: Event) -> None:
        rows = Allocation.objects.filter(account__customer=self.customer, amount__gt=0, debit__kind="invoice")
        row = self._pick(list(rows.select_related("credit__account").order_by("id")), event.pick)
        amount = event.amount if event.pick % 2 else None
        take_off(row.credit, Document.objects.get(pk=row.debit_id), by=OPERATOR, amount=amount)

    def _adjust(self, event: Event) -> None:
        on = self.today + timedelta(days=min(event.shift, 0))
        amount = event.amount if event.pick % 2 else -event.amount
        adjust_credit(self.customer, AdjustmentInput(amount, "EUR", "Goodwill", on), by=OPERATOR)

    def _bounce(self, event: Event) -> None:
        refunds = list(Refund.objects.filter(payment__customer=self.customer).order_by("id"))
        record_refund(self._pick(refunds, event.pick), RefundOutcome(OutcomeState.FAILED))

    def _dispute(self, event: Event) -> None:
        payment = self._pick(self.payments, event.pick)
        news = list(DisputeNews)[event.pick // 5 % 4]
        amount = event.amount if event.pick % 3 else 0
        record_dispute(payment, "account", DisputeOutcome(payment.public_id, "charge", news, amount))

    def _plan(self, event: Event) -> None:
        invoice = self._pick(self.documents, event.pick)
        left, number = Document.objects.get(pk=invoice.pk).open_amount, 1 + event.pick % 4
        days = days_from(self.today + timedelta(days=max(0, event.shift)), number, Interval.TWO_WEEKS)
        rows = [InstalmentInput(*row) for row in zip(days, equal_parts(left, number), strict=True)]
        plan = make_plan(invoice, PlanInput(rows, needs_approval=event.pick % 3 > 0), by=OPERATOR)
        if event.pick % 3 == 1:
            approve_plan(plan, Evidence(), by=OPERATOR)

    def _cancel_plan(self, event: Event) -> None:
        cancel_plan(self._pick(self.documents, event.pick), by=OPERATOR)

    def _credits(self) -> list[Item]:
        rows = Item.objects.filter(account__customer=self.customer, amount__lt=0).select_related("account")
        return list(rows.order_by("id"))

    def _pick[T](self, things: list[T], number: int) -> T:
        if not things:
            raise PorticoError("Nothing to do it to.")
        return things[number % len(things)]

    _actions: "dict[str, Callable[[History, Event], None]]" = field(
        default_factory=lambda: {
            "issue": History._issue,
            "credit": History._credit,
            "pay": History._pay,
            "apply": History._apply,
            "void": History._void,
            "void_payment": History._void_payment,
            "slip": History._slip,
            "close": History._close,
            "refund": History._refund,
            "write_off": History._write_off,
            "undo_write_off": History._undo_write_off,
            "pay_short": History._pay_short,
            "apply_money": History._apply_money,
            "take_off": History._take_off,
            "adjust": History._adjust,
            "bounce": History._bounce,
            "dispute": History._dispute,
            "plan": History._plan,
            "cancel_plan": History._cancel_plan,
        }
    )


ACTIONS = [
    "issue", "issue", "issue", "issue", "credit", "pay", "pay", "pay", "apply", "void", "void_payment", "refund",
    "refund", "write_off", "undo_write_off", "pay_short", "apply_money", "apply_money", "take_off", "adjust", "bounce",
    "dispute", "dispute", "plan", "plan", "cancel_plan", "slip", "close",
]  # fmt: skip

events = st.lists(
    st.builds(
        Event,
        action=st.sampled_from(ACTIONS),
        days=st.integers(0, 25),
        pick=st.integers(0, 400),
        amount=st.sampled_from([1, 33, 500, 500, 1000, 1000, 1999, 12345]),
        shift=st.integers(-40, 20),
    ),
    min_size=4,
    max_size=22,
)
