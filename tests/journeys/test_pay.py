"""A customer pays: in a real browser, with and without scripts, on a phone too."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.journeys.conftest import Demo
from tests.plugins.browser import Axe

pytestmark = pytest.mark.xdist_group("demo")

PHONE: ViewportSize = {"width": 390, "height": 844}
CUSTOMER = "GREENE"


def card(page: Page, number: str) -> None:
    for name, value in (("cardholder", "Ada"), ("card_number", number), ("card_expiry", "12/30"), ("card_cvc", "123")):
        page.fill(f"[name={name}]", value)


def test_from_the_link_to_the_receipt(demo: Demo, page: Page, axe: Axe) -> None:
    page.goto(demo.link(CUSTOMER, "nordwind"))
    page.goto(page.url + "activity/invoices")
    page.locator("tr:has(input[name=invoice]) .po-c-main a").first.click()
    page.get_by_role("link", name="Pay", exact=True).click()
    axe(page)
    card(page, "4242 4242 4242 4242")
    page.locator("#pay_button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Payment received")
    axe(page)
    page.go_back()
    expect(page.locator("#pay_button")).to_have_count(0)
