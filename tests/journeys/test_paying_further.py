"""AutoPay, credits, and what happens to an invoice while its customer is paying it, in a real browser."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.journeys.served_business import ServedBusiness, serve_business
from tests.plugins.browser import Axe, Complaints, NewPage
from tests.plugins.database import NewDatabase

PHONE: ViewportSize = {"width": 390, "height": 844}
DORA = "dora@example.com"

_OPEN_SHOP = """
from portico.domain.access.queries import business_by_slug
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_payment_settings
wanted = {"allow_autopay": True, "allow_credits": True}
change_payment_settings(business_by_slug("nordlicht"), wanted, by=OPERATOR)
"""
# The job that collects, as it runs two hours from now.
_COLLECT = """
from datetime import timedelta
from portico.domain.payments.actions.collect import collect_due
from portico.lib.clock import at, now
with at(now() + timedelta(hours=2)):
    print(collect_due())
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, prepared_database: NewDatabase) -> Iterator[ServedBusiness]:
    """Nordlicht, which takes payments through the sandbox and offers AutoPay."""
    with serve_business(tmp_path_factory.mktemp("shop"), prepared_database()) as business:
        assert business.server.command("gateway", "add", "sandbox", "--business", "nordlicht").returncode == 0
        in_shell(business, _OPEN_SHOP)
        yield business


def in_shell(shop: ServedBusiness, code: str) -> str:
    done = shop.server.command("manage", "shell", "-v", "0", "-c", code)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def new_invoice(shop: ServedBusiness, price: str = "100") -> dict[str, Any]:
    line = {"description": "Work", "quantity": "1", "unit_price": price}
    body = {"customer": "dora", "issued_on": "2026-11-01", "due_on": "2026-12-01", "currency": "EUR"}
    return shop.api("POST", "invoices", **body, lines=[line])


def enter(page: Page, shop: ServedBusiness, path: str = "") -> None:
    """Open the portal as Dora, by a link of the program's."""
    url = shop.api("GET", "customers/dora/portal_url")["customer"]["portal_url"]
    page.goto(url)
    page.goto(f"{shop.portal}{path}")


def card(page: Page, number: str = "4242 4242 4242 4242") -> None:
    """Type a card; what was saved would be charged otherwise."""
    page.locator("[name=method][value='sandbox:card']").check()
    for name, value in (("cardholder", "Dora"), ("card_number", number), ("card_expiry", "12/30"), ("card_cvc", "123")):
        page.fill(f"[name={name}]", value)


def status_of(shop: ServedBusiness, invoice: dict[str, Any]) -> str:
    return str(shop.api("GET", f"invoices/{invoice['id']}")["status"])


def payments(shop: ServedBusiness) -> int:
    return len(amounts(shop))


def amounts(shop: ServedBusiness) -> list[int]:
    return sorted(payment["amount"] for payment in shop.api("GET", "payments?customer=dora&limit=100")["data"])


@pytest.mark.both_databases
def test_autopay_is_switched_on_on_a_phone_collects_and_is_left(
    shop: ServedBusiness, new_page: NewPage, axe: Axe
) -> None:
    invoice = new_invoice(shop)
    phone = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    # To change how money is collected, a customer has to have signed in by mail lately.
    phone.goto(f"{shop.portal}billing-details/payment-methods/new")
    phone.get_by_label("E-mail").fill(DORA)
    phone.get_by_role("button", name="Send me a link").click()
    link, _code = shop.mailed(DORA)
    phone.goto(link)
    phone.get_by_role("button", name="Continue as Dora Dahl").click()
    axe(phone)
    card(phone)
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_role("status")).to_contain_text("The payment method is saved.")
    phone.get_by_role("link", name="Switch AutoPay on").click()
    expect(phone.get_by_role("main")).to_contain_text(f"{invoice['number']}")
    axe(phone)
    phone.get_by_role("button", name="Switch AutoPay on").click()
    expect(phone.get_by_role("status")).to_contain_text("AutoPay is on.")
    axe(phone)
    phone.goto(f"{shop.portal}invoices/{invoice['id']}")
    expect(phone.get_by_text(re.compile(r"Collected on .* by Visa •4242"))).to_be_visible()
    expect(phone.get_by_role("link", name="Pay", exact=True)).to_have_count(0)
    axe(phone)
    assert in_shell(shop, _COLLECT) == "1"
    phone.reload()
    expect(phone.locator(".po-aside").get_by_text("Paid", exact=True).first).to_be_visible()
    assert status_of(shop, invoice) == "paid"
    later = new_invoice(shop)
    phone.goto(f"{shop.portal}billing-details/payment-methods")
    phone.get_by_role("link", name="Switch off").click()
    phone.get_by_role("button", name="Switch off").click()
    expect(phone.get_by_role("status")).to_contain_text("AutoPay is off.")
    phone.goto(f"{shop.portal}invoices/{later['id']}")
    expect(phone.get_by_role("link", name="Pay", exact=True)).to_be_visible()
    assert in_shell(shop, _COLLECT) == "0"


def test_credit_is_used_and_the_rest_is_paid(shop: ServedBusiness, page: Page, axe: Axe) -> None:
    invoice = new_invoice(shop)
    before = amounts(shop)
    body = {"amount": 3000, "currency": "EUR", "reason": "Goodwill"}
    shop.api("POST", "customers/dora/credit_balance/adjustments", **body)
    enter(page, shop, f"pay?invoice={invoice['id']}")
    page.get_by_role("checkbox", name=re.compile("ADJ-")).check()
    expect(page.locator("#pay_button")).to_have_text("Pay €70.00")
    axe(page)
    card(page)
    page.locator("#pay_button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Payment received")
    found = shop.api("GET", f"invoices/{invoice['id']}")
    assert (found["status"], found["amount_due"]) == ("paid", 0)
    assert amounts(shop) == sorted([*before, 7000])


def test_session_that_ends_at_the_bank_loses_nothing(shop: ServedBusiness, page: Page, axe: Axe) -> None:
    invoice = new_invoice(shop)
    enter(page, shop, f"pay?invoice={invoice['id']}")
    card(page, "4000 0000 0000 3220")
    page.locator("#pay_button").click()
    page.wait_for_url("**/sandbox/challenge/**")
    # The bank's page has cookies of its own; here they come from the same host.
    page.context.clear_cookies(name=re.compile("^(?!portico-csrf)"))
    page.get_by_role("button", name=re.compile("^Confirm")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Payment received")
    axe(page)
    assert status_of(shop, invoice) == "paid"
    page.reload()
    assert status_of(shop, invoice) == "paid"


def test_invoice_paid_meanwhile_in_another_tab_is_not_paid_twice(shop: ServedBusiness, page: Page) -> None:
    invoice = new_invoice(shop)
    enter(page, shop, f"pay?invoice={invoice['id']}")
    other = page.context.new_page()
    other.goto(page.url)
    card(other)
    before = payments(shop)
    other.locator("#pay_button").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Payment received")
    page.locator("#pay_button").click()
    expect(page, "the payment of the other tab").to_have_url(other.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Payment received")
    assert (payments(shop), status_of(shop, invoice)) == (before + 1, "paid")


def test_invoice_voided_meanwhile_charges_nothing(shop: ServedBusiness, page: Page, complaints: Complaints) -> None:
    complaints.allow("409|422")
    invoice = new_invoice(shop)
    enter(page, shop, f"pay?invoice={invoice['id']}")
    card(page)
    before = payments(shop)
    shop.api("POST", f"invoices/{invoice['id']}/void", reason="Sent twice")
    page.locator("#pay_button").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was charged.")
    assert (payments(shop), status_of(shop, invoice)) == (before, "voided")
