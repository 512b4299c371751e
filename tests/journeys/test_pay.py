"""A customer pays: in a real browser, with and without scripts, wide and on a phone."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.journeys.conftest import Demo
from tests.plugins.browser import Axe, Complaints, NewPage

pytestmark = pytest.mark.xdist_group("demo")

PHONE: ViewportSize = {"width": 390, "height": 844}
# Customers of the demonstration that leave several invoices open.
GREENE, TENT = ("GREENE", "nordwind"), ("TENT", "al-safat")


def card(page: Page, number: str) -> None:
    for name, value in (("cardholder", "Ada"), ("card_number", number), ("card_expiry", "12/30"), ("card_cvc", "123")):
        page.fill(f"[name={name}]", value)


def open_invoice(page: Page, link: str, nth: int = 0) -> None:
    page.goto(link)
    page.goto(page.url + "activity/invoices")
    page.locator("tr:has(input[name=invoice]) .po-c-main a").nth(nth).click()
    expect(page.locator("#doc-title")).to_be_visible()


def pay_this(page: Page) -> None:
    page.get_by_role("link", name="Pay", exact=True).click()


@pytest.mark.both_databases
def test_from_the_link_to_the_receipt(demo: Demo, page: Page, axe: Axe) -> None:
    open_invoice(page, demo.link(*GREENE))
    pay_this(page)
    axe(page)
    card(page, "4242 4242 4242 4242")
    page.locator("#pay_button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Payment received")
    axe(page)
    receipt = page.get_by_role("link", name="Download receipt").get_attribute("href") or ""
    assert page.request.get(receipt if receipt.startswith("http") else demo.url + receipt).body().startswith(b"%PDF-")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Payment received")
    page.go_back()
    expect(page.locator("#pay_button")).to_have_count(0)


def test_declined_then_confirmed_at_the_bank(demo: Demo, page: Page, axe: Axe, complaints: Complaints) -> None:
    complaints.allow("422")
    open_invoice(page, demo.link(*TENT))
    pay_this(page)
    card(page, "4000 0000 0000 0002")
    page.locator("#pay_button").click()
    expect(page.get_by_role("alert")).to_contain_text("The bank has declined the card.")
    expect(page.locator("[name=cardholder]")).to_have_value("Ada")
    expect(page.locator("[name=card_number]")).to_have_value("")
    axe(page)
    card(page, "4000 0000 0000 3220")
    page.locator("#pay_button").click()
    page.wait_for_url("**/sandbox/challenge/**")
    page.get_by_role("button", name=re.compile("^Confirm")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Payment received")


def test_total_and_button_follow_what_is_typed(demo: Demo, page: Page) -> None:
    open_invoice(page, demo.link(*TENT))
    pay_this(page)
    page.fill("[name=amount]", "12.5")
    expect(page.locator("#pay_button")).to_have_text(re.compile(r"^Pay KWD\s12\.500$"))
    expect(page.locator("#pay_sums .po-figure")).to_have_text(re.compile(r"^KWD\s12\.500$"))
    page.get_by_label("Direct debit").check()
    expect(page.locator("[name=iban]")).to_be_visible()
    expect(page.locator("[name=card_number]")).to_be_hidden()


def test_several_are_ticked_and_paid_without_scripts_on_a_phone(demo: Demo, new_page: NewPage, axe: Axe) -> None:
    phone = new_page(viewport=PHONE, has_touch=True, is_mobile=True, java_script_enabled=False)
    phone.goto(demo.link(*TENT))
    phone.goto(phone.url + "activity/invoices")
    for box in phone.locator("input[name=invoice]").all()[:2]:
        box.check()
    phone.get_by_role("button", name="Pay", exact=True).click()
    expect(phone.locator("[name^=amount_]")).to_have_count(2)
    phone.get_by_label("Direct debit").check()
    phone.fill("[name=account_holder]", "Ada")
    phone.fill("[name=iban]", "DE89 3704 0044 0532 0130 00")
    phone.locator("#pay_button").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your payment is being processed")
    phone.goto(phone.url.partition("/pay/")[0] + "/")
    expect(phone.get_by_text("is being processed.")).to_be_visible()


def test_link_to_one_invoice_pays_it(demo: Demo, page: Page, new_page: NewPage) -> None:
    headers = {"Authorization": f"Bearer {demo.api_key}"}
    rows = page.request.get(f"{demo.url}/api/v1/invoices?customer=FJORD", headers=headers).json()
    each = (page.request.get(f"{demo.url}/api/v1/invoices/{row['id']}", headers=headers).json() for row in rows["data"])
    row = next(row for row in each if row["payment_url"])
    visitor = new_page()
    visitor.goto(row["payment_url"])
    pay_this(visitor)
    expect(visitor.get_by_text("Save for next time")).to_have_count(0)
    card(visitor, "5555 5555 5555 4444")
    visitor.locator("#pay_button").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Payment received")
    visitor.get_by_role("link", name="See the payment").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Payment")


@pytest.mark.parametrize("language", ["english", "german", "arabic"])
def test_pay_page_is_open_to_everyone(demo: Demo, new_page: NewPage, axe: Axe, language: str) -> None:
    for options in ({}, {"viewport": PHONE, "has_touch": True, "is_mobile": True}):
        page = new_page(**options)
        page.goto(getattr(demo, language))
        for path in ("pay", "pay?advance=1"):
            page.goto(re.sub(r"(/portal/[^/]+/).*", rf"\1{path}", page.url))
            axe(page)
            wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wider <= 0
