"""AutoPay: what is collected when, once; what fails is tried again; what is left out."""

from datetime import date
from threading import Thread

import pytest
from django.db import connection

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_payment_settings
from portico.domain.documents.models import Document
from portico.domain.payments.actions.ask_provider import ask_provider
from portico.domain.payments.actions.autopay import change_delay, enrol, leave
from portico.domain.payments.actions.collect import collect_due, retry_failed
from portico.domain.payments.actions.gateway_accounts import change_gateway
from portico.domain.payments.actions.keep_methods import make_default, remove_method
from portico.domain.payments.actions.refund import refund
from portico.domain.payments.actions.sweep_attempts import sweep_attempts
from portico.domain.payments.autopay import left_alone
from portico.domain.payments.gateway import ProviderUnreachable
from portico.domain.payments.models import AttemptState, AutoPay, Payment, PaymentAttempt, Refund
from portico.domain.payments.tests.test_disputes import hear
from portico.gateways.sandbox.bank import Bank
from portico.gateways.sandbox.connection import bank
from portico.jobs import payments as jobs
from portico.lib.errors import Conflict, Invalid
from tests.shop import BACK, Shop

DECLINED_LATER = "4000 0000 0000 0341"
CHALLENGED = "4000 0000 0000 3220"


@pytest.fixture(autouse=True)
def time(clock: Clock) -> Clock:
    return clock


def open_of(invoice: Document) -> int:
    return Document.objects.get(pk=invoice.pk).open_amount


def verbs() -> list[str]:
    return list(Activity.objects.filter(verb__startswith="autopay").order_by("id").values_list("verb", flat=True))


def test_new_invoice_is_collected_an_hour_after_its_issue(shop: Shop, clock: Clock) -> None:
    shop.enrol()
    clock.advance(days=1)
    invoice = shop.invoice()
    clock.advance(minutes=59)
    assert jobs.autopay.func() == 0
    clock.advance(minutes=1)
    assert jobs.autopay.func() == 1
    assert open_of(invoice) == 0
    attempt = PaymentAttempt.objects.get()
    assert (attempt.purpose, attempt.off_session, attempt.state) == ("autopay", True, "succeeded")


def test_job_run_twice_collects_once(shop: Shop, clock: Clock) -> None:
    shop.enrol()
    shop.invoice()
    clock.advance(hours=2)
    assert [collect_due(), collect_due()] == [1, 0]
    assert (Payment.objects.count(), len(bank().charges())) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_collect_once(shop: Shop, clock: Clock) -> None:
    shop.enrol()
    invoices = [shop.invoice(amount) for amount in (10, 20, 30)]
    clock.advance(hours=2)

    def work() -> None:
        collect_due()
        connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [open_of(invoice) for invoice in invoices] == [0, 0, 0]
    assert (Payment.objects.count(), len(bank().charges())) == (3, 3)


def test_killed_before_the_provider_was_asked_collects_once(
    shop: Shop, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.enrol()
    invoice = shop.invoice()
    clock.advance(hours=2)
    with monkeypatch.context() as killed:
        killed.setattr("portico.domain.payments.actions.collect.ask_provider", _killed)
        with pytest.raises(SystemExit):
            collect_due()
    assert (PaymentAttempt.objects.get().state, collect_due()) == (AttemptState.CREATED, 0)
    clock.advance(minutes=3)
    sweep_attempts()
    assert collect_due() == 1
    assert open_of(invoice) == 0
    assert [charge["state"] for charge in bank().charges()] == ["succeeded", "canceled"]


def test_killed_after_the_provider_has_collected_books_it_once(
    shop: Shop, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.enrol()
    invoice = shop.invoice()
    clock.advance(hours=2)
    with monkeypatch.context() as killed:
        killed.setattr("portico.domain.payments.actions.ask_provider.record_outcome", _killed)
        with pytest.raises(SystemExit):
            collect_due()
    clock.advance(minutes=3)
    assert (collect_due(), sweep_attempts(), collect_due()) == (0, 1, 0)
    assert (open_of(invoice), Payment.objects.count(), len(bank().charges())) == (0, 1, 1)


def _killed(*_: object, **__: object) -> None:
    raise SystemExit


def test_provider_without_an_answer_stops_nobody_else(
    shop: Shop, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.enrol()
    invoice = shop.invoice()
    clock.advance(hours=2)

    def away(*_: object) -> None:
        raise ProviderUnreachable("The bank is away.")

    with monkeypatch.context() as outage:
        outage.setattr(Bank, "charge", away)
        assert collect_due() == 1
    clock.advance(minutes=3)
    sweep_attempts()
    assert collect_due() == 1
    assert (open_of(invoice), len(Payment.objects.all())) == (0, 1)


def test_failure_is_tried_again_after_3_5_and_7_days_and_then_given_up(shop: Shop, clock: Clock) -> None:
    shop.enrol(DECLINED_LATER)
    invoice = shop.invoice()
    clock.advance(hours=1)
    assert collect_due() == 1
    for days in (3, 5, 7):
        clock.advance(days=days, minutes=-1)
        assert collect_due() == 0
        clock.advance(minutes=1)
        assert collect_due() == 1
    clock.advance(days=60)
    assert collect_due() == 0
    assert (open_of(invoice), PaymentAttempt.objects.filter(state="failed").count()) == (10000, 4)


def test_method_that_needs_a_challenge_fails(shop: Shop, clock: Clock) -> None:
    shop.enrol(CHALLENGED)
    invoice = shop.invoice()
    clock.advance(hours=1)
    collect_due()
    attempt = PaymentAttempt.objects.get()
    assert (attempt.state, attempt.failure_code) == ("failed", "authentication_required")
    assert open_of(invoice) == 10000


def test_new_method_retries_what_has_failed_at_once(shop: Shop, clock: Clock) -> None:
    shop.enrol(DECLINED_LATER)
    failed = shop.invoice()
    clock.advance(hours=1)
    collect_due()
    waiting = shop.invoice()
    assert retry_failed(shop.customer, by=OPERATOR)[0].state == AttemptState.FAILED
    make_default(shop.card(), by=OPERATOR)
    assert [attempt.state for attempt in retry_failed(shop.customer, by=OPERATOR)] == [AttemptState.SUCCEEDED]
    assert (open_of(failed), open_of(waiting)) == (0, 10000)
    assert retry_failed(shop.customer, by=OPERATOR) == []


def test_leaving_stops_open_invoices_too(shop: Shop, clock: Clock) -> None:
    shop.enrol()
    invoice = shop.invoice()
    leave(shop.customer, by=OPERATOR)
    leave(shop.customer, by=OPERATOR)
    clock.advance(days=30)
    assert collect_due() == 0
    assert (open_of(invoice), len(bank().charges())) == (10000, 0)
    assert verbs() == ["autopay.enrolled", "autopay.left"]


def test_who_enrols_again_begins_anew(shop: Shop, clock: Clock) -> None:
    shop.enrol(DECLINED_LATER)
    shop.invoice()
    clock.advance(hours=1)
    collect_due()
    leave(shop.customer, by=OPERATOR)
    clock.advance(days=1)
    enrol(shop.customer, by=OPERATOR)
    assert collect_due() == 0
    clock.advance(hours=1)
    assert collect_due() == 1


def test_invoice_of_the_future_waits_for_its_date_and_the_customers_own_delay(shop: Shop, clock: Clock) -> None:
    shop.enrol(delay_days=7)
    change_delay(shop.customer, 2, by=OPERATOR)
    shop.invoice(issued_on=date(2026, 12, 1))
    clock.set("2026-12-02 22:59")
    assert collect_due() == 0
    clock.set("2026-12-02 23:00")
    assert collect_due() == 1


@pytest.mark.parametrize("days", [-1, 61])
def test_delay_out_of_range_is_refused(shop: Shop, days: int) -> None:
    shop.enrol()
    with pytest.raises(Invalid):
        change_delay(shop.customer, days, by=OPERATOR)
    assert AutoPay.objects.get().delay_days is None


def test_nothing_is_collected_while_another_payment_is_under_way(shop: Shop, clock: Clock) -> None:
    shop.enrol()
    invoice = shop.invoice()
    shop.start(invoice)
    clock.advance(hours=2)
    assert collect_due() == 0
    assert len(bank().charges()) == 0


def test_nothing_is_collected_where_the_business_or_its_gateway_is_off(shop: Shop, clock: Clock) -> None:
    shop.enrol()
    invoice = shop.invoice()
    clock.advance(hours=2)
    change_gateway(shop.gateway, {"enabled": False}, by=OPERATOR)
    assert collect_due() == 0
    change_gateway(shop.gateway, {"enabled": True, "methods": {"direct_debit": {}}}, by=OPERATOR)
    assert collect_due() == 0
    change_gateway(shop.gateway, {"methods": {"card": {"maximum": 9999}}}, by=OPERATOR)
    assert collect_due() == 0
    change_gateway(shop.gateway, {"methods": {"card": {}}}, by=OPERATOR)
    change_payment_settings(shop.business, {"allow_autopay": False}, by=OPERATOR)
    assert collect_due() == 0
    assert (open_of(invoice), PaymentAttempt.objects.count()) == (10000, 0)


def test_enrolling_needs_a_method_and_a_business_that_offers_it(shop: Shop) -> None:
    with pytest.raises(Conflict) as refusal:
        enrol(shop.customer, by=OPERATOR)
    assert refusal.value.code == "autopay_off"
    change_payment_settings(shop.business, {"allow_autopay": True}, by=OPERATOR)
    with pytest.raises(Conflict) as refusal:
        enrol(shop.customer, by=OPERATOR)
    assert refusal.value.code == "no_payment_method"
    assert verbs() == []


def test_removing_the_only_method_ends_autopay(shop: Shop, clock: Clock) -> None:
    first = shop.enrol()
    second = shop.card()
    shop.invoice()
    remove_method(first, by=OPERATOR)
    assert verbs() == ["autopay.enrolled"]
    remove_method(second, by=OPERATOR)
    assert verbs() == ["autopay.enrolled", "autopay.left"]
    clock.advance(hours=2)
    assert collect_due() == 0


def test_paying_can_enrol(shop: Shop, clock: Clock) -> None:
    change_payment_settings(shop.business, {"allow_autopay": True}, by=OPERATOR)
    attempt = shop.start(shop.invoice())
    PaymentAttempt.objects.filter(pk=attempt.pk).update(enrols_autopay=True)
    ask_provider(
        PaymentAttempt.objects.get(pk=attempt.pk),
        by=OPERATOR,
        return_url=BACK,
        details={"cardholder": "Ada", "card_number": "5555 5555 5555 4444", "card_expiry": "12/30", "card_cvc": "123"},
    )
    later = shop.invoice()
    clock.advance(hours=1)
    assert collect_due() == 1
    assert open_of(later) == 0
    method = shop.customer.payment_methods.get()
    assert (str(method), method.is_default) == ("Mastercard 4444", True)


def test_disputed_invoice_is_not_collected_again(shop: Shop, clock: Clock) -> None:
    shop.enrol()
    invoice = shop.invoice()
    clock.advance(hours=1)
    collect_due()
    hear(shop.gateway, ["open", "withdrawn"], Payment.objects.get())
    assert (open_of(invoice), collect_due()) == (10000, 0)
    assert [why for _row, why in left_alone(shop.customer)] == ["disputed"]
    hear(shop.gateway, ["lost"], Payment.objects.get())
    clock.advance(days=30)
    assert (open_of(invoice), collect_due()) == (10000, 0)
    assert len(bank().charges()) == 1


def test_refund_of_unapplied_money_keeps_invoices_in_autopay(shop: Shop, clock: Clock) -> None:
    shop.enrol()
    invoice = shop.invoice()
    payment = shop.pay(shop.start(invoice, shares=[shop.share(invoice, 4000)], advance=3000)).payment
    assert payment is not None
    given = refund(payment, 3000, by=OPERATOR)
    assert given.taken_from == {}
    assert not left_alone(shop.customer)
    clock.advance(hours=1)
    assert (collect_due(), open_of(invoice)) == (1, 0)


@pytest.mark.parametrize("kept", [True, False])
def test_invoice_that_was_given_back_is_not_collected_again(shop: Shop, clock: Clock, kept: bool) -> None:
    shop.enrol()
    invoice, other = shop.invoice(), shop.invoice()
    clock.advance(hours=1)
    assert collect_due() == 2
    payment = PaymentAttempt.objects.get(shares__document=invoice).payment
    assert payment is not None
    given = refund(payment, 4000, by=OPERATOR)
    if not kept:
        Refund.objects.filter(pk=given.pk).update(taken_from=None)
    assert [(row.pk, why) for row, why in left_alone(shop.customer)] == [(invoice.pk, "refunded")]
    clock.advance(days=30)
    assert (open_of(invoice), open_of(other), collect_due()) == (4000, 0, 0)
    later = shop.invoice()
    clock.advance(hours=1)
    assert (collect_due(), open_of(later)) == (1, 0)
    # Collecting it by hand still works.
    invoice.refresh_from_db()
    by_hand = shop.start(invoice, saved=shop.customer.payment_methods.get())
    assert (shop.pay(by_hand).state, open_of(invoice)) == (AttemptState.SUCCEEDED, 0)
