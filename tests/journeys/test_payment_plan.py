"""Staff let an invoice be paid in instalments; the customer approves the plan on a phone and pays the first."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.journeys.conftest import Demo
from tests.journeys.test_pay import card
from tests.journeys.test_staff import sign_in
from tests.plugins.browser import Axe, Complaints, NewPage

pytestmark = pytest.mark.xdist_group("demo")

PHONE: ViewportSize = {"width": 390, "height": 844}


def make_plan(page: Page, axe: Axe, number: str) -> None:
    """Fill in three equal parts for an invoice of the customer in the list, and save the plan."""
    page.get_by_role("link", name=number, exact=True).first.click()
    page.get_by_role("link", name="Payment plan …").click()
    page.get_by_label("Instalments").first.fill("3")
    page.get_by_role("button", name="Fill in equal parts").click()
    expect(page.get_by_label("Amount of instalment 3")).not_to_be_empty()
    axe(page)
    page.get_by_label("Amount of instalment 3").fill("1")
    page.get_by_role("button", name="Save the plan").click()
    expect(page.get_by_role("alert")).to_contain_text("is missing")
    axe(page)
    page.get_by_role("button", name="Fill in equal parts").click()
    page.get_by_role("button", name="Save the plan").click()
    expect(page.get_by_role("heading", name="Payment plan")).to_be_visible()
    axe(page)


@pytest.mark.both_databases
def test_plan_is_made_approved_and_paid(
    demo: Demo, page: Page, new_page: NewPage, axe: Axe, complaints: Complaints
) -> None:
    complaints.allow("422")
    phone = new_page(viewport=PHONE)
    phone.goto(demo.link("PASTA", "nordwind"))
    phone.goto(phone.url + "activity/invoices")
    entry = phone.locator("tr:has(input[name=invoice]) .po-c-main a").first
    number = entry.inner_text()
    sign_in(page, demo)
    page.goto(f"{demo.url}/documents?q={number}")
    make_plan(page, axe, number)
    entry.click()
    expect(phone.locator("aside")).to_contain_text("You can pay it in instalments.")
    axe(phone)
    phone.get_by_role("link", name="Pay", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Payment plan")
    axe(phone)
    phone.get_by_role("button", name="Approve the plan").click()
    expect(phone.get_by_role("alert")).to_contain_text("Type your name")
    phone.get_by_label("Your name").fill("Ada Nair")
    phone.get_by_label("I agree to pay by this plan").check()
    phone.get_by_role("button", name="Approve the plan").click()
    expect(phone.get_by_role("status")).to_contain_text("The plan counts from now on.")
    axe(phone)
    wider = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0
    phone.get_by_role("link", name="Pay", exact=True).click()
    first = phone.locator("[name=amount]").input_value()
    axe(phone)
    card(phone, "4242 4242 4242 4242")
    expect(phone.locator("#pay_button")).to_contain_text(f"{Decimal(first):,.2f}")
    phone.locator("#pay_button").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Payment received")
    page.reload()
    section = page.locator("section", has=page.get_by_role("heading", name="Payment plan"))
    expect(section).to_contain_text(re.compile("Paid.*Next.*Upcoming", re.DOTALL))
    expect(section).to_contain_text("Ada Nair")
    axe(page)
