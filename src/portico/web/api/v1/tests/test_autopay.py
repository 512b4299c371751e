"""AutoPay for programs: read it, enroll a customer, end it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_payment_settings
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.approve_plan import approve_plan
from portico.domain.documents.actions.decide import Evidence
from portico.domain.documents.actions.plan import InstalmentInput, PlanInput, make_plan
from portico.domain.documents.models import Document
from portico.domain.payments.actions.gateway_accounts import add_gateway
from portico.domain.payments.actions.remember_method import remember_method
from portico.domain.payments.gateway import MethodDetails
from portico.domain.payments.models import AutoPay
from portico.gateways.sandbox.connection import bank
from portico.web.api.v1.tests.conftest import Program

PATH = "/customers/acme/autopay"


@pytest.fixture
def saved(program: Program, settings: Settings, tmp_path: Path) -> Iterator[str]:
    """The id of Acme's card; the business offers AutoPay."""
    settings.PORTICO_HOME = tmp_path
    bank.cache_clear()
    program.customer()
    change_payment_settings(program.business, {"allow_autopay": True, "autopay_delay_days": 13}, by=OPERATOR)
    account = add_gateway(program.business, "sandbox", by=OPERATOR)
    customer = Customer.objects.select_related("business").get()
    card = MethodDetails("tok_1", "card", "Visa", "4242", "Ada")
    yield remember_method(customer, account, card, by=OPERATOR).public_id
    bank.cache_clear()


def test_customer_is_enrolled_and_its_invoices_say_when(program: Program, saved: str) -> None:
    before = program.get(PATH).json
    assert (before["enabled"], before["payment_method"], before["collections"]) == (False, saved, [])
    invoice = program.invoice(issued_on="2026-11-20")
    made = program.send("PUT", PATH, {}).json
    assert (made["object"], made["enabled"], made["delay_days"]) == ("autopay", True, None)
    assert made["collections"] == [
        {
            "invoice": invoice["id"],
            "number": invoice["number"],
            "amount": 11900,
            "currency": "EUR",
            "collected_on": "2026-12-03",
            "failures": 0,
        }
    ]
    changed = program.send("PUT", PATH, {"delay_days": 2}).json
    assert (changed["delay_days"], changed["collections"][0]["collected_on"]) == (2, "2026-11-22")
    assert changed["enrolled_at"] == made["enrolled_at"]


def test_leaving_twice_is_leaving_once(program: Program, saved: str) -> None:
    program.send("PUT", PATH, {})
    for _ in range(2):
        answer = program.send("DELETE", PATH)
        assert (answer.status, answer.json["enabled"]) == (200, False)
    assert AutoPay.objects.get().enrolled_at is None


def test_ending_stops_a_plan_that_collects_without_autopay(program: Program, saved: str) -> None:
    number = program.invoice(issued_on="2026-11-20")["number"]
    invoice = Document.objects.get(number=number)
    rows = [InstalmentInput(date(2026, 12, 20), invoice.open_amount)]
    plan = make_plan(invoice, PlanInput(rows, collects=True), by=OPERATOR)
    approve_plan(plan, Evidence(name="Jane Doe"), by=OPERATOR)
    assert len(program.get(PATH).json["collections"]) == 1
    assert program.send("DELETE", PATH).json["collections"] == []
    plan.refresh_from_db()
    assert not plan.collects


@pytest.mark.parametrize("days", [-1, 61, "7", 1.5, True])
def test_wrong_delay_is_refused(program: Program, saved: str, days: object) -> None:
    answer = program.send("PUT", PATH, {"delay_days": days})
    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, "/delay_days")
    assert not AutoPay.objects.exists()


def test_what_is_missing_is_said(program: Program, saved: str) -> None:
    change_payment_settings(program.business, {"allow_autopay": False}, by=OPERATOR)
    answer = program.send("PUT", PATH, {})
    assert (answer.status, answer.json["code"]) == (409, "autopay_off")
    change_payment_settings(program.business, {"allow_autopay": True}, by=OPERATOR)
    program.customer(external_id="other")
    answer = program.send("PUT", "/customers/other/autopay", {})
    assert (answer.status, answer.json["code"]) == (409, "no_payment_method")
    assert not AutoPay.objects.filter(enrolled_at__isnull=False).exists()
    assert program.send("PUT", "/customers/nobody/autopay", {}).status == 404
