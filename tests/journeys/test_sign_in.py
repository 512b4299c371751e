"""Customers sign in by e-mail: a real browser, a real mail server, and everything between them."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.journeys.served_business import ServedBusiness
from tests.plugins.browser import Axe, NewPage

NARROW: ViewportSize = {"width": 320, "height": 640}


def ask(page: Page, address: str) -> None:
    page.get_by_label("E-mail").fill(address)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your mail")
    expect(page.get_by_text(address)).to_be_visible()


def is_open_to_everyone(page: Page, axe: Axe) -> None:
    axe(page)
    size = page.viewport_size
    page.set_viewport_size(NARROW)
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} is {wider} px wider than a screen of 320"
    if size:
        page.set_viewport_size(size)


@pytest.mark.both_databases
def test_the_mailed_link_leads_on_to_where_one_wanted_to_go(business: ServedBusiness, page: Page, axe: Axe) -> None:
    page.goto(f"{business.portal}statements?type=open_item")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    is_open_to_everyone(page, axe)
    ask(page, "carl@example.com")
    is_open_to_everyone(page, axe)
    link, _ = business.mailed("carl@example.com")
    page.goto(link)
    is_open_to_everyone(page, axe)
    page.get_by_role("button", name="Continue as Carl Conrad").click()
    expect(page).to_have_url(f"{business.portal}statements?type=open_item")
    expect(page.locator(".po-bar")).to_contain_text("Carl Conrad")
    page.goto(link)
    expect(page, "people who are signed in stay so").to_have_url(business.portal)


def test_on_another_device_the_code_is_typed_without_scripts(
    business: ServedBusiness, new_page: NewPage, axe: Axe
) -> None:
    desk, phone = new_page(), new_page(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    desk.goto(business.portal)
    ask(desk, "berta@example.com")
    link, code = business.mailed("berta@example.com")
    phone.goto(link)
    phone.get_by_label("Code").fill("0000-0000")
    phone.get_by_role("button", name="Continue as Berta Brand").click()
    expect(phone.get_by_text("This is not the code in the mail")).to_be_visible()
    phone.get_by_label("Code").fill(code.lower())
    phone.get_by_role("button", name="Continue as Berta Brand").click()
    expect(phone).to_have_url(business.portal)
    desk.reload()
    expect(desk.get_by_label("E-mail"), "the desk stays outside").to_be_visible()
    stranger = new_page()
    stranger.goto(link)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("This mail has been used")
    is_open_to_everyone(stranger, axe)


def test_an_account_is_chosen_and_switched_in_one_tab_while_the_other_stands(
    business: ServedBusiness, page: Page, axe: Axe
) -> None:
    page.goto(business.portal)
    ask(page, "anna@example.com")
    page.get_by_label("Code").fill(business.mailed("anna@example.com")[1])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Which account?")
    is_open_to_everyone(page, axe)
    page.get_by_role("button", name="Anna Adler").click()
    expect(page.locator(".po-bar")).to_contain_text("Anna Adler")
    other_tab = page.context.new_page()
    other_tab.goto(page.url)
    other_tab.locator("summary").filter(has_text="Anna Adler").click()
    other_tab.get_by_role("link", name="Switch account").click()
    is_open_to_everyone(other_tab, axe)
    other_tab.get_by_role("button", name="Berta Brand").click()
    expect(other_tab.locator(".po-bar")).to_contain_text("Berta Brand")
    page.locator("summary").filter(has_text="English").click()
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("You are now acting for.*Berta Brand"))
    other_tab.reload()
    expect(other_tab.locator("html"), "nothing was changed").to_have_attribute("lang", "en")
