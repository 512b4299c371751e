"""Staff collect an invoice by what its customer has saved, and see what AutoPay does with it."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_payment_settings
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.actions.approve_plan import approve_plan
from portico.domain.documents.actions.decide import Evidence, approve
from portico.domain.documents.actions.plan import InstalmentInput, PlanInput, make_plan
from portico.domain.documents.deposit import Deposit
from portico.domain.documents.models import Document
from portico.domain.payments.actions.autopay import leave
from portico.domain.payments.actions.convert_estimate import convert_estimate
from portico.domain.payments.actions.gateway_accounts import change_gateway
from portico.domain.payments.actions.record_payment import PaymentInput, record_payment
from portico.domain.payments.actions.refund import refund
from portico.domain.payments.actions.start_attempt import AttemptInput, ShareInput, start_attempt
from portico.domain.payments.models import AttemptPurpose, Method, Payment, PaymentAttempt
from portico.gateways.sandbox.connection import bank
from portico.jobs import payments as jobs
from portico.web.dashboard.tests.cast import a_business, signed_in, staff_of
from tests.estimates import new_estimate
from tests.shop import Shop

DECLINED_LATER = "4000 0000 0000 0341"


@pytest.fixture
def till(db: None, clock: Clock, settings: Settings, tmp_path: Path) -> Iterator[Shop]:
    """A business that takes payments through the sandbox."""
    settings.PORTICO_HOME = tmp_path
    bank.cache_clear()
    yield Shop("kontor")
    bank.cache_clear()


@pytest.fixture
def clerk(till: Shop) -> Client:
    return signed_in(staff_of(till.business, "clerk@nordlicht.example"))


def _page(clerk: Client, invoice: Document) -> str:
    return clerk.get(f"/documents/{invoice.public_id}").content.decode()


def _collect(clerk: Client, invoice: Document, card: str, **fields: str) -> str:
    body = {"method": card, "amount": "100.00", "submission": "0" * 32, "due": "10000"} | fields
    return clerk.post(f"/documents/{invoice.public_id}/collect", body, follow=True).content.decode()


def test_an_invoice_is_collected_once(till: Shop, clerk: Client) -> None:
    invoice, card = till.invoice(), till.card()
    assert "Collect now" in _page(clerk, invoice)
    assert "€100.00 is collected." in _collect(clerk, invoice, card.public_id)
    assert "There is nothing to collect any more." in _collect(clerk, invoice, card.public_id)
    invoice.refresh_from_db()
    assert (invoice.open_amount, Payment.objects.count(), len(bank().charges())) == (0, 1, 1)
    assert "Collect now" not in _page(clerk, invoice)


def test_a_double_click_collects_a_part_once(till: Shop, clerk: Client) -> None:
    invoice, card = till.invoice(), till.card()
    for _ in range(2):
        assert "€40.00 is collected." in _collect(clerk, invoice, card.public_id, amount="40")
    assert (Payment.objects.get().amount, len(bank().charges())) == (4000, 1)


def test_a_declined_card_says_why(till: Shop, clerk: Client) -> None:
    invoice, card = till.invoice(), till.card(DECLINED_LATER)
    page = _collect(clerk, invoice, card.public_id)
    assert "€100.00 was not collected. The bank has declined the card." in page
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("amount", "100.01"), ("amount", "0"), ("amount", "x"), ("method", "pm_nonsense")]
)
def test_a_wrong_form_charges_nothing_and_keeps_what_was_typed(
    till: Shop, clerk: Client, field: str, value: str
) -> None:
    invoice, card = till.invoice(), till.card()
    page = _collect(clerk, invoice, card.public_id, **{field: value})
    assert f'id="collect_{field}_error"' in page
    assert field == "method" or f'value="{value}"' in page
    assert not PaymentAttempt.objects.exists()


def test_a_payment_under_way_is_said_and_not_doubled(till: Shop, clerk: Client) -> None:
    invoice, card = till.invoice(), till.card()
    till.start(invoice)
    page = _page(clerk, invoice)
    assert "A payment of €100.00 is under way." in page
    for path in (f"/documents/{invoice.public_id}", "/documents", f"/customers/{invoice.customer.public_id}"):
        assert 'po-tag-wait po-shape-half">Processing<' in clerk.get(path).content.decode(), path
    assert "Collect now" not in page
    assert "already under way" in _collect(clerk, invoice, card.public_id)
    assert PaymentAttempt.objects.count() == 1


def test_deposit_under_way_is_awaited_before_the_rest_is_collected(till: Shop, clerk: Client) -> None:
    estimate = approve(new_estimate(till.customer, deposit=Deposit(amount=35700)), by=OPERATOR)
    deposit = AttemptInput("d", "EUR", Method.CARD, [ShareInput(estimate, 35700)], purpose=AttemptPurpose.DEPOSIT)
    attempt, card = start_attempt(till.customer, till.gateway, deposit, by=OPERATOR), till.card()
    invoice = convert_estimate(estimate, by=OPERATOR)
    page = _page(clerk, invoice)
    assert "A payment of €357.00 is under way." in page
    assert "Collect now" not in page
    whole = {"amount": "1190.00", "due": "119000"}
    assert "already under way" in _collect(clerk, invoice, card.public_id, **whole)
    assert PaymentAttempt.objects.get() == attempt
    till.pay(attempt)
    assert "€833.00 is collected." in _collect(clerk, invoice, card.public_id, amount="833.00", due="83300")


def test_fee_of_a_method_is_said_and_charged_on_top(till: Shop, clerk: Client) -> None:
    change_gateway(till.gateway, {"methods": {"card": {"fee_percent": "1.5", "fee_fixed": 30}}}, by=OPERATOR)
    invoice, card = till.invoice(), till.card()
    make_plan(invoice, _plan(needs_approval=False), by=OPERATOR)
    assert "Visa •4242 (plus a fee of 1.5% and €0.30)" in _page(clerk, invoice)
    assert "€30.75 is collected." in _collect(clerk, invoice, card.public_id, amount="30.00")
    invoice.refresh_from_db()
    assert (Payment.objects.get().amount, Payment.objects.get().fee, invoice.open_amount) == (3000, 75, 7000)


def test_another_open_amount_than_was_shown_charges_nothing(till: Shop, clerk: Client) -> None:
    invoice, card = till.invoice(), till.card()
    assert 'name="due" value="10000"' in _page(clerk, invoice)
    money = PaymentInput(7000, "EUR", till.business.today(), Method.CASH, shares=[Share(invoice, 7000)])
    record_payment(till.customer, money, by=OPERATOR)
    for due in ("10000", "", "x"):
        page = _collect(clerk, invoice, card.public_id, amount="25", due=due)
        assert "The open amount has changed since you opened this page. Please look again." in page
        assert 'value="25"' in page
        assert 'name="due" value="3000"' in page
    assert not PaymentAttempt.objects.exists()
    assert "€25.00 is collected." in _collect(clerk, invoice, card.public_id, amount="25", due="3000")


def test_running_plan_asks_for_its_next_instalment(till: Shop, clerk: Client) -> None:
    invoice, card = till.invoice(), till.card()
    make_plan(invoice, _plan(needs_approval=False), by=OPERATOR)
    page = _page(clerk, invoice)
    assert 'name="amount" value="30.00"' in page
    assert "€30.00 is collected." in _collect(clerk, invoice, card.public_id, amount="30.00")
    assert 'name="amount" value="70.00"' in _page(clerk, invoice)


def test_page_says_why_autopay_leaves_an_invoice_alone(till: Shop, clerk: Client, clock: Clock) -> None:
    till.enrol()
    invoice = till.invoice()
    clock.advance(hours=1)
    jobs.autopay.call()
    refund(Payment.objects.get(), 2500, by=OPERATOR)
    assert "AutoPay leaves it to the customer, as money was refunded of it." in _page(clerk, invoice)
    assert "Collect now" in _page(clerk, invoice)


def test_page_says_what_a_plan_collects_of_who_has_no_autopay(till: Shop, clerk: Client, clock: Clock) -> None:
    till.business = change_payment_settings(till.business, {"allow_autopay": True}, by=OPERATOR)
    invoice, _card = till.invoice(), till.card()
    made = make_plan(invoice, _plan(collects=True), by=OPERATOR)
    assert "AutoPay collects" not in _page(clerk, invoice)
    approve_plan(made, Evidence(name="Jane Doe"), by=OPERATOR)
    assert "AutoPay collects it on 1 Dec 2026, by Visa •4242." in _page(clerk, invoice)


def _plan(*, needs_approval: bool = True, collects: bool = False) -> PlanInput:
    rows = [InstalmentInput(date(2026, 12, 1), 3000), InstalmentInput(date(2027, 1, 1), 7000)]
    return PlanInput(rows, needs_approval, collects)


def test_strangers_and_other_customers_methods_are_not_found(till: Shop, clerk: Client) -> None:
    invoice, elsewhere = till.invoice(), Shop("fremd")
    till.card()
    foreign = elsewhere.card()
    assert 'id="collect_method_error"' in _collect(clerk, invoice, foreign.public_id)
    stranger = signed_in(staff_of(a_business("sud"), "x@sud.example"))
    assert stranger.post(f"/documents/{invoice.public_id}/collect").status_code == 404
    assert not PaymentAttempt.objects.exists()


def test_page_says_what_autopay_does_until_it_gives_up(till: Shop, clerk: Client, clock: Clock) -> None:
    till.enrol(DECLINED_LATER)
    clock.advance(days=1)
    invoice = till.invoice()
    assert "AutoPay collects it on 21 Nov 2026, by Visa •0341." in _page(clerk, invoice)
    clock.advance(hours=2)
    jobs.autopay.func()
    assert "AutoPay has failed 1 time and tries again on 24 Nov 2026, by Visa •0341." in _page(clerk, invoice)
    for days in (3, 5, 7):
        clock.advance(days=days)
        jobs.autopay.func()
    assert "AutoPay has tried 4 times and given up: the customer has to pay." in _page(clerk, invoice)


def test_canceling_a_plan_says_that_autopay_collects_the_rest(till: Shop, clerk: Client) -> None:
    till.enrol()
    invoice = till.invoice()
    day = till.business.today() + timedelta(days=30)
    make_plan(invoice, PlanInput([InstalmentInput(day, 10000)]), by=OPERATOR)
    assert "AutoPay then collects all that is open" in _page(clerk, invoice)
    leave(till.customer, by=OPERATOR)
    assert "AutoPay then collects all that is open" not in _page(clerk, invoice)
