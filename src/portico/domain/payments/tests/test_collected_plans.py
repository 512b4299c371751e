"""AutoPay of payment plans: each instalment once, on its day, and nothing else of the invoice."""

from datetime import date, timedelta
from typing import Any

import pytest

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.actions.approve_plan import approve_plan
from portico.domain.documents.actions.decide import Evidence
from portico.domain.documents.actions.plan import InstalmentInput, PlanInput, cancel_plan, make_plan
from portico.domain.documents.models import Document, PaymentPlan
from portico.domain.ledger.actions.lock import lock_account
from portico.domain.ledger.models import Account
from portico.domain.payments.actions.autopay import leave
from portico.domain.payments.actions.collect import collect_due, retry_failed
from portico.domain.payments.actions.keep_methods import make_default, remove_method
from portico.domain.payments.actions.record_payment import PaymentInput, record_payment
from portico.domain.payments.actions.refund import refund
from portico.domain.payments.actions.void_payment import void_payment
from portico.domain.payments.actions.warn_of_expiry import warn_of_expiry
from portico.domain.payments.models import Method, Payment, PaymentAttempt, PaymentMethod
from portico.gateways.sandbox.connection import bank
from tests.shop import Shop

DECLINED_LATER = "4000 0000 0000 0341"
_FIRST = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def time(clock: Clock) -> Clock:
    clock.set("2026-11-20")
    return clock


def plan(invoice: Document, *, collects: bool = True, needs_approval: bool = True, days: int = 30) -> PaymentPlan:
    parts = [3000, 3000, invoice.open_amount - 6000]
    rows = [InstalmentInput(_FIRST + timedelta(days=days * index), part) for index, part in enumerate(parts)]
    return make_plan(invoice, PlanInput(rows, needs_approval, collects), by=OPERATOR)


def approve(made: PaymentPlan) -> PaymentPlan:
    return approve_plan(made, Evidence(name="Jane Doe"), by=OPERATOR)


def open_of(invoice: Document) -> int:
    return Document.objects.get(pk=invoice.pk).open_amount


def charged() -> list[int]:
    return list(PaymentAttempt.objects.order_by("id").values_list("amount", flat=True))


def test_each_instalment_is_collected_once_on_its_day(shop: Shop, clock: Clock) -> None:
    shop.enrol()
    invoice = shop.invoice()
    approve(plan(invoice))
    clock.set("2026-11-30")
    assert collect_due() == 0
    for day, left in (("2026-12-01", 7000), ("2026-12-31", 4000), ("2027-01-30", 0)):
        clock.set(day)
        assert [collect_due(), collect_due()] == [1, 0]
        assert open_of(invoice) == left
        clock.advance(days=1)
        assert collect_due() == 0
    assert charged() == [3000, 3000, 4000]
    assert len(bank().charges()) == 3


def test_nothing_is_collected_before_it_is_approved(shop: Shop, clock: Clock) -> None:
    shop.enrol()
    invoice = shop.invoice()
    made = plan(invoice)
    clock.set("2026-12-05")
    assert collect_due() == 0
    approve(made)
    assert collect_due() == 0
    clock.advance(hours=1)
    assert collect_due() == 1
    assert open_of(invoice) == 7000


def test_plan_that_does_not_collect_keeps_autopay_away(shop: Shop, clock: Clock) -> None:
    shop.enrol()
    invoice = shop.invoice()
    plan(invoice, collects=False, needs_approval=False)
    clock.set("2027-06-01")
    assert collect_due() == 0
    cancel_plan(invoice, by=OPERATOR)
    clock.advance(minutes=59)
    assert (collect_due(), open_of(invoice)) == (0, 10000)
    clock.advance(minutes=1)
    assert collect_due() == 1
    assert (open_of(invoice), charged()) == (0, [10000])


def test_customer_who_is_not_enrolled_is_charged_for_the_approved_plan_alone(shop: Shop, clock: Clock) -> None:
    shop.enrol()
    leave(shop.customer, by=OPERATOR)
    planned, other, unapproved = shop.invoice(), shop.invoice(), shop.invoice()
    approve(plan(planned))
    plan(unapproved, needs_approval=False)
    clock.set("2026-12-02")
    assert [collect_due(), collect_due()] == [1, 0]
    assert [open_of(row) for row in (planned, other, unapproved)] == [7000, 10000, 10000]


def test_leaving_autopay_ends_collecting_and_so_does_removing_the_method(shop: Shop, clock: Clock) -> None:
    shop.enrol()
    invoice = shop.invoice()
    approve(plan(invoice))
    leave(shop.customer, by=OPERATOR)
    clock.set("2026-12-02")
    assert collect_due() == 0
    shop.enrol()
    other = shop.invoice()
    leave(shop.customer, by=OPERATOR)
    approve(make_plan(other, PlanInput([InstalmentInput(date(2026, 12, 3), 10000)], collects=True), by=OPERATOR))
    for method in PaymentMethod.objects.filter(customer=shop.customer, state="active"):
        remove_method(method, by=OPERATOR)
    clock.set("2026-12-10")
    assert collect_due() == 0
    assert [open_of(invoice), open_of(other)] == [10000, 10000]


def test_who_is_not_enrolled_leaves_a_plan_that_collects(shop: Shop, clock: Clock) -> None:
    shop.enrol()
    leave(shop.customer, by=OPERATOR)
    approve(plan(shop.invoice()))
    leave(shop.customer, by=OPERATOR)
    leave(shop.customer, by=OPERATOR)
    assert Activity.objects.filter(verb="autopay.left").count() == 2
    clock.set("2026-12-02")
    assert (collect_due(), PaymentPlan.objects.get().collects) == (0, False)


def test_plan_collects_no_more_once_the_last_method_is_removed(shop: Shop, clock: Clock) -> None:
    method = shop.enrol()
    leave(shop.customer, by=OPERATOR)
    approve(plan(shop.invoice()))
    remove_method(method, by=OPERATOR)
    shop.card()
    clock.set("2026-12-02")
    assert (collect_due(), PaymentPlan.objects.get().collects, charged()) == (0, False, [])


def test_instalment_that_was_given_back_is_not_collected_again(shop: Shop, clock: Clock) -> None:
    shop.enrol()
    invoice = shop.invoice()
    approve(plan(invoice))
    clock.set("2026-12-02")
    assert collect_due() == 1
    refund(Payment.objects.get(), 3000, by=OPERATOR)
    clock.set("2027-06-01")
    assert (collect_due(), retry_failed(shop.customer, by=OPERATOR)) == (0, [])
    assert (open_of(invoice), charged()) == (10000, [3000])


def test_new_method_does_not_take_the_next_instalment_before_its_day(
    shop: Shop, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.enrol(DECLINED_LATER)
    invoice = shop.invoice()
    approve(plan(invoice))
    clock.set("2026-12-01")
    assert collect_due() == 1
    make_default(shop.card(), by=OPERATOR)

    def paid_meanwhile(*account: Any) -> Account:
        data = PaymentInput(3000, "EUR", date(2026, 12, 1), Method.BANK_TRANSFER, [Share(invoice, 3000)])
        record_payment(shop.customer, data, by=OPERATOR)
        return lock_account(*account)

    monkeypatch.setattr("portico.domain.payments.actions.collect.lock_account", paid_meanwhile)
    assert retry_failed(shop.customer, by=OPERATOR) == []
    assert (open_of(invoice), charged()) == (7000, [3000])


def test_what_a_canceled_plan_failed_at_does_not_hurry_the_whole(shop: Shop, clock: Clock) -> None:
    shop.enrol(DECLINED_LATER)
    invoice = shop.invoice()
    approve(plan(invoice))
    clock.set("2026-12-01")
    assert collect_due() == 1
    clock.set("2026-12-10")
    cancel_plan(invoice, by=OPERATOR)
    assert collect_due() == 0
    clock.advance(hours=1)
    assert collect_due() == 1
    assert charged() == [3000, 10000]


def test_failed_instalment_is_tried_again_before_the_next(shop: Shop, clock: Clock) -> None:
    shop.enrol(DECLINED_LATER)
    invoice = shop.invoice()
    approve(plan(invoice, days=7))
    clock.set("2026-12-01")
    begun = 0
    for _ in range(40):
        begun += collect_due()
        clock.advance(days=1)
    # Tried on its day and after 3, 5 and 7 days; the next one's turn does not come before.
    assert (begun, set(charged()), open_of(invoice)) == (4, {3000}, 10000)
    make_default(shop.card(), by=OPERATOR)
    assert [row.amount for row in retry_failed(shop.customer, by=OPERATOR)] == [3000]
    assert [collect_due(), collect_due(), collect_due()] == [1, 1, 0]
    assert open_of(invoice) == 0


def test_payment_from_elsewhere_reduces_what_is_collected(shop: Shop, clock: Clock) -> None:
    shop.enrol()
    invoice = shop.invoice()
    approve(plan(invoice))
    received = record_payment(
        shop.customer,
        PaymentInput(4500, "EUR", date(2026, 11, 20), Method.BANK_TRANSFER, [Share(invoice, 4500)]),
        by=OPERATOR,
    )
    clock.set("2026-12-02")
    assert collect_due() == 0
    clock.set("2026-12-31")
    assert collect_due() == 1
    assert (open_of(invoice), charged()) == (4000, [1500])
    void_payment(received, by=OPERATOR)
    assert open_of(invoice) == 8500


def test_more_than_the_plan_is_never_collected(shop: Shop, clock: Clock) -> None:
    shop.enrol()
    invoice = shop.invoice()
    received = record_payment(
        shop.customer,
        PaymentInput(2000, "EUR", date(2026, 11, 20), Method.BANK_TRANSFER, [Share(invoice, 2000)]),
        by=OPERATOR,
    )
    invoice.refresh_from_db()
    approve(plan(invoice))
    void_payment(received, by=OPERATOR)
    clock.set("2027-06-01")
    assert (collect_due(), open_of(invoice)) == (0, 10000)


def test_method_of_an_approved_plan_that_expires_soon_is_announced(shop: Shop, clock: Clock) -> None:
    clock.set("2030-12-01")
    shop.enrol()
    leave(shop.customer, by=OPERATOR)
    rows = [InstalmentInput(date(2031, 1, 15), 10000)]
    made = make_plan(shop.invoice(), PlanInput(rows, collects=True), by=OPERATOR)
    assert warn_of_expiry() == 0
    approve(made)
    assert [warn_of_expiry(), warn_of_expiry()] == [1, 0]
