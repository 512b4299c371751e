"""Deposits and bank transfers in a real browser: approve and pay in one flow, scan a code, copy, promise."""

import io
import re
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, ViewportSize, expect

from tests.codes import read_picture
from tests.journeys.conftest import Demo
from tests.plugins.browser import Axe, NewPage

pytestmark = pytest.mark.xdist_group("demo")

PHONE: ViewportSize = {"width": 390, "height": 844}


def portal_of(page: Page) -> str:
    """The address of the portal that a page belongs to."""
    return re.sub(r"(/portal/[^/]+/).*", r"\1", page.url)


def estimate_of(demo: Demo, page: Page, customer: str, status: str) -> dict[str, Any]:
    """The newest estimate of a customer that asks for a deposit nobody has paid."""
    headers = {"Authorization": f"Bearer {demo.api_key}"}
    rows = page.request.get(f"{demo.url}/api/v1/estimates?customer={customer}", headers=headers).json()["data"]
    found: dict[str, Any] = next(
        row for row in rows if row["deposit"] and not row["deposit"]["paid"] and row["status"] in status.split()
    )
    return found


def not_wider(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.both_databases
def test_approved_with_a_name_paid_and_applied_to_the_invoice(
    demo: Demo, page: Page, new_page: NewPage, axe: Axe
) -> None:
    estimate = estimate_of(demo, page, "BRIGHTON", "issued viewed")
    page.goto(demo.english)
    page.goto(f"{portal_of(page)}estimates/{estimate['id']}")
    axe(page)
    page.fill("#approve_name", "Jane Doe")
    page.locator("#approve_accepted").check()
    # The PDF is made as it is approved, the first one of the server: that may take a while.
    page.get_by_role("button", name="Approve and pay the deposit").click(no_wait_after=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Pay the deposit", timeout=60_000)
    axe(page)
    for name, value in (("cardholder", "Jane"), ("card_number", "4242 4242 4242 4242"), ("card_expiry", "12/30")):
        page.fill(f"[name={name}]", value)
    page.fill("[name=card_cvc]", "123")
    page.locator("#pay_button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Payment received")
    axe(page)
    page.get_by_role("link", name="Back to the estimate").click()
    expect(page.get_by_text("is paid. It is taken off the invoice.")).to_be_visible()
    axe(page)
    staff = new_page()
    staff.goto(demo.url)
    staff.fill("input[type=email]", demo.staff)
    staff.fill("input[type=password]", demo.password)
    staff.get_by_role("button", name="Sign in", exact=True).click()
    staff.goto(f"{demo.url}/documents/{estimate['id']}")
    staff.locator(f"details:has(form[action$='{estimate['id']}/convert']) > summary").click()
    staff.locator(f"form[action$='{estimate['id']}/convert'] button").click()
    expect(staff.get_by_role("heading", level=1)).to_contain_text("INV-")
    expect(staff.locator("#applied-heading")).to_be_visible()
    page.reload()
    page.get_by_role("link", name=re.compile("^INV-")).click()
    expect(page.locator("#applied-heading")).to_be_visible()


def test_deposit_waits_on_a_phone_until_it_is_paid(demo: Demo, new_page: NewPage, axe: Axe) -> None:
    phone = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    estimate = estimate_of(demo, phone, "HAFENLICHT", "approved")
    phone.goto(demo.german)
    phone.goto(f"{portal_of(phone)}estimates/{estimate['id']}")
    expect(phone.get_by_text("steht noch aus")).to_be_visible()
    axe(phone)
    phone.get_by_role("link", name=re.compile("^Anzahlung von")).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Anzahlung leisten")
    expect(phone.locator(".po-qr")).to_be_visible()
    axe(phone)
    not_wider(phone)


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE, "has_touch": True, "is_mobile": True}])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_code_is_scanned_from_the_screen_and_what_it_says_copied(
    demo: Demo, new_page: NewPage, axe: Axe, options: dict[str, Any], scheme: Any
) -> None:
    page = new_page(color_scheme=scheme, permissions=["clipboard-read", "clipboard-write"], **options)
    page.goto(demo.link("VELO", "nordwind"))
    page.locator("a[href*='/invoices/inv_']:not([href*=promise])").first.click()
    said = read_picture(Image.open(io.BytesIO(page.locator(".po-qr").first.screenshot())).convert("L"))
    lines = said.split("\r\n")
    assert (lines[0], lines[3], lines[19]) == ("SPC", "CH4431999123000889012", "CHF")
    for label, copied in (("IBAN", lines[3]), ("Referenz", lines[28])):
        page.get_by_role("button", name=f"Kopieren {label}").click()
        expect(page.get_by_role("button", name="Kopiert")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == copied
        page.reload()
    page.get_by_role("button", name="Kopieren Betrag").click()
    assert page.evaluate("navigator.clipboard.readText()").replace(",", ".") == lines[18]
    axe(page)
    not_wider(page)


def test_transfer_is_promised(demo: Demo, page: Page, axe: Axe) -> None:
    page.goto(demo.link("VELO", "nordwind"))
    page.locator("a[href*='/invoices/inv_']:not([href*=promise])").first.click()
    page.locator("a[href$='/promise']").first.click()
    axe(page)
    page.locator(".po-form button.po-btn-primary").click()
    expect(page.locator("#doc-title")).to_be_visible()
    expect(page.get_by_text("Überweisung").first).to_be_visible()
