"""Paying through Stripe in a real browser: its form, its script and its API by a localstripe, webhooks posted here."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.journeys.served_business import ServedBusiness, serve_business
from tests.plugins.browser import Axe, Complaints, NewPage
from tests.plugins.database import NewDatabase
from tests.stripe import CARDS, IBANS, StripeServer

SECRET = "whsec_journey"


@pytest.fixture(scope="module")
def stripe_business(
    tmp_path_factory: pytest.TempPathFactory, prepared_database: NewDatabase, stripe_server: StripeServer
) -> Iterator[ServedBusiness]:
    """Nordlicht, which takes cards and debits through Stripe alone."""
    environment = {
        "PORTICO_STRIPE_API_URL": stripe_server.url,
        "PORTICO_STRIPE_JS_URL": stripe_server.script_url,
        "STRIPE_PUBLISHABLE_KEY": "pk_test_journey",
        "STRIPE_SECRET_KEY": "sk_test_journey",
        "STRIPE_WEBHOOK_SECRET": SECRET,
    }
    with serve_business(tmp_path_factory.mktemp("stripe"), prepared_database(), **environment) as business:
        added = business.server.command("gateway", "add", "stripe", "--business", "nordlicht")
        assert added.returncode == 0, added.stderr
        stripe_server.post_webhooks_to(added.stdout.strip(), SECRET)
        yield business


@pytest.fixture
def invoice(stripe_business: ServedBusiness) -> dict[str, Any]:
    """An invoice of Dora's over 100 euros."""
    line = {"description": "Work", "quantity": "1", "unit_price": "100"}
    body = {"customer": "dora", "issued_on": "2026-11-01", "due_on": "2026-12-01", "currency": "EUR"}
    return stripe_business.api("POST", "invoices", **body, lines=[line])


def open_pay(page: Page, business: ServedBusiness, invoice: dict[str, Any]) -> None:
    page.goto(invoice["payment_url"])
    page.goto(f"{business.portal}pay?invoice={invoice['id']}")


def type_card(page: Page | FrameLocator, number: str) -> None:
    """Fill in what localstripe draws for a card."""
    form = page.locator("[data-stripe='stripe:card']")
    for name, value in {"number": number, "exp_month": "12", "exp_year": "30", "cvc": "123"}.items():
        form.get_by_placeholder(name, exact=True).fill(value)


def pay_button(page: Page) -> Any:
    return page.get_by_role("button", name="Pay €100.00")


def charges(server: StripeServer, before: int) -> list[str]:
    """What became of each charge that came after so many."""
    return [intent["status"] for intent in server.payments()[before:]]


@pytest.mark.both_databases
def test_card_is_typed_into_stripes_form_and_charged_once(
    stripe_business: ServedBusiness, stripe_server: StripeServer, invoice: dict[str, Any], page: Page, axe: Axe
) -> None:
    before = len(stripe_server.payments())
    open_pay(page, stripe_business, invoice)
    pay_button(page).click()
    expect(page.get_by_text("Your number is incomplete.")).to_be_visible()
    type_card(page, CARDS["card"])
    pay_button(page).dblclick()
    expect(page.get_by_role("heading", name="Payment received")).to_be_visible()
    assert charges(stripe_server, before) == ["succeeded"]
    assert stripe_business.api("GET", f"invoices/{invoice['id']}")["status"] == "paid"
    listed = ""
    for _ in range(60):
        listed = stripe_business.server.command("gateway", "list", "--business", "nordlicht").stdout
        if re.search(r"stripe .* \d{4}-\d\d-\d\d \d\d:\d\d", listed):
            break
    else:
        pytest.fail(f"No webhook was taken: {listed}")
    page.go_back()
    expect(page.get_by_text("Nothing is due")).to_be_visible()


def test_decline_says_why_and_another_card_pays(
    stripe_business: ServedBusiness,
    stripe_server: StripeServer,
    invoice: dict[str, Any],
    page: Page,
    complaints: Complaints,
) -> None:
    before = len(stripe_server.payments())
    complaints.allow("422")
    open_pay(page, stripe_business, invoice)
    type_card(page, CARDS["no_funds"])
    pay_button(page).click()
    expect(page.get_by_role("alert").filter(has_text="not enough money on the account")).to_be_visible()
    type_card(page, CARDS["card"])
    pay_button(page).click()
    expect(page.get_by_role("heading", name="Payment received")).to_be_visible()
    assert charges(stripe_server, before) == ["requires_payment_method", "succeeded"]


def test_challenge_leads_to_the_bank_and_back(
    stripe_business: ServedBusiness, stripe_server: StripeServer, invoice: dict[str, Any], page: Page
) -> None:
    before = len(stripe_server.payments())
    open_pay(page, stripe_business, invoice)
    type_card(page, CARDS["challenge"])
    pay_button(page).click()
    page.get_by_role("button", name="refuse").click()
    expect(page.get_by_role("alert").filter(has_text="not confirmed at the bank")).to_be_visible()
    type_card(page, CARDS["challenge"])
    pay_button(page).click()
    page.get_by_role("button", name="confirm").click()
    expect(page.get_by_role("heading", name="Payment received")).to_be_visible()
    assert charges(stripe_server, before) == ["requires_payment_method", "succeeded"]


def test_debit_is_processed_until_stripe_says_that_it_settled(
    stripe_business: ServedBusiness, stripe_server: StripeServer, invoice: dict[str, Any], page: Page
) -> None:
    open_pay(page, stripe_business, invoice)
    page.get_by_text("Direct debit", exact=True).click()
    page.locator("[data-stripe='stripe:direct_debit']").get_by_placeholder("iban").fill(IBANS["debit"])
    pay_button(page).click()
    expect(page.get_by_role("heading", name="Your payment is being processed")).to_be_visible()
    # The webhook books it; the page asks every five seconds.
    expect(page.get_by_role("heading", name="Payment received")).to_be_visible(timeout=30_000)
    assert stripe_business.api("GET", f"invoices/{invoice['id']}")["status"] == "paid"


def test_without_scripts_the_page_says_what_is_missing_and_charges_nothing(
    stripe_business: ServedBusiness, stripe_server: StripeServer, invoice: dict[str, Any], new_page: NewPage
) -> None:
    before = len(stripe_server.payments())
    page = new_page(java_script_enabled=False)
    open_pay(page, stripe_business, invoice)
    expect(page.get_by_text("This way to pay needs JavaScript.").first).to_be_visible()
    pay_button(page).click()
    expect(page.get_by_role("heading", name="Please correct 1 field.")).to_be_visible()
    assert charges(stripe_server, before) == []


def test_script_that_does_not_load_is_said(
    stripe_business: ServedBusiness,
    invoice: dict[str, Any],
    page: Page,
    stripe_server: StripeServer,
    complaints: Complaints,
) -> None:
    complaints.allow("ERR_FAILED")
    page.route(stripe_server.script_url, lambda route: route.abort())
    open_pay(page, stripe_business, invoice)
    expect(page.get_by_text("Stripe’s form can’t be loaded.")).to_be_visible()


def test_card_is_saved_without_a_charge_and_pays_later(
    stripe_business: ServedBusiness, stripe_server: StripeServer, invoice: dict[str, Any], page: Page, axe: Axe
) -> None:
    before = len(stripe_server.payments())
    page.goto(f"{stripe_business.portal}billing-details/payment-methods/new")
    page.get_by_label("E-mail").fill("dora@example.com")
    page.get_by_role("button", name="Send me a link").click()
    link, _code = stripe_business.mailed("dora@example.com")
    page.goto(link)
    page.get_by_role("button", name="Continue as Dora Dahl").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a payment method")
    type_card(page, CARDS["card"])
    axe(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("The payment method is saved.")
    expect(page.get_by_text("Visa •4242").first).to_be_visible()
    assert charges(stripe_server, before) == []
    page.goto(f"{stripe_business.portal}pay?invoice={invoice['id']}")
    page.get_by_label("Visa •4242").check()
    pay_button(page).click()
    expect(page.get_by_role("heading", name="Payment received")).to_be_visible()
    assert charges(stripe_server, before) == ["succeeded"]
