"""A member of staff at work: signs in, finds a customer, makes a link, and takes it back."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Demo
from tests.plugins.browser import Axe, NewPage

pytestmark = pytest.mark.xdist_group("demo")

PAGES = [
    "customers",
    "documents",
    "payments",
    "settings/portal",
    "settings/portal/tokens",
    "settings/brand",
    "settings/brand/css",
    "settings/brand/script",
    "settings/brand/analytics",
    "settings/brand/sites",
    "settings/sign-in",
    "settings/payments/gateways",
    "settings/payments/gateways/new/stripe",
    "dev/outbox",
    "accounts/password/change/",
]


def sign_in(page: Page, demo: Demo) -> None:
    page.goto(demo.url)
    page.get_by_label(re.compile("mail", re.IGNORECASE)).fill(demo.staff)
    page.get_by_label("Password").fill(demo.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("navigation").first).to_be_visible()


def test_every_staff_page_is_open_to_everyone(demo: Demo, page: Page, axe: Axe) -> None:
    page.goto(demo.url)
    axe(page)
    sign_in(page, demo)
    urls = [f"{demo.url}/{path}" for path in PAGES]
    for listing, inside in [("customers", "/customers/"), ("documents", "/documents/"), ("payments", "/payments/")]:
        page.goto(f"{demo.url}/{listing}")
        hrefs = page.eval_on_selector_all("main table a[href]", "all => all.map(a => a.href)")
        urls.append(next(href for href in hrefs if inside in href))
    for url in urls:
        response = page.goto(url)
        assert response is not None
        assert response.status == 200, url
        axe(page)
        page.set_viewport_size({"width": 390, "height": 844})
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{url} is {wider} px wider than a phone"
        page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("locale", ["en-GB", "de-DE", "ar"])
def test_a_customer_s_links_fit_every_screen(demo: Demo, new_page: NewPage, axe: Axe, locale: str) -> None:
    page = new_page()
    sign_in(page, demo)
    cookies = page.context.storage_state()
    page = new_page(locale=locale, storage_state=cookies)
    page.goto(f"{demo.url}/customers?q=Hafenlicht")
    customer = page.locator("main tbody a").first.get_attribute("href")
    assert customer
    customer = customer.removeprefix("/")
    page.goto(f"{demo.url}/{customer}/sign-in-links")
    page.locator("form.po-settings button").click()
    for width in (1280, 1024, 390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        for part in (
            "settings/portal/tokens",
            f"{customer}/sign-in-links",
            f"{customer}/access",
            f"{customer}/timeline",
        ):
            page.goto(f"{demo.url}/{part}")
            wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wider <= 0, f"{part} is {wider} px wider than {width}"
            if part.endswith(("access", "timeline")):
                expect(page.locator(".po-tabs [aria-current]")).to_be_in_viewport(ratio=0.9)
    axe(page)


@pytest.mark.both_databases
def test_a_link_is_made_used_and_taken_back(demo: Demo, page: Page, new_page: NewPage, axe: Axe) -> None:
    sign_in(page, demo)
    page.goto(f"{demo.url}/settings/portal/tokens?q=Elbkurier")
    row = page.get_by_role("row").filter(has_text="Elbkurier")
    row.get_by_role("button", name=re.compile("Generate|Regenerate")).click()
    if page.locator("input[readonly]").count() == 0:
        axe(page)
        page.get_by_role("button", name=re.compile("Regenerate")).click()
    link = page.locator("input[readonly]").first.input_value()
    axe(page)
    customer = new_page()
    customer.goto(link)
    expect(customer.get_by_role("navigation", name="Portal")).to_be_visible()
    page.goto(f"{demo.url}/settings/portal/tokens?q=Elbkurier")
    assert link not in page.content(), "a secret is shown once"
    page.get_by_role("row").filter(has_text="Elbkurier").get_by_role("button", name="Revoke").click()
    page.get_by_role("button", name="Revoke").click()
    response = customer.reload()
    assert response is not None
    assert response.status == 403
    customer.goto(link)
    expect(customer.locator("main")).to_contain_text("Zugang verweigert")


def test_a_mailed_link_waits_in_the_outbox(demo: Demo, page: Page, axe: Axe) -> None:
    sign_in(page, demo)
    page.goto(f"{demo.url}/settings/portal/tokens?q=Atlas")
    page.get_by_role("row").filter(has_text="Atlas").get_by_role("button", name="E-mail link").click()
    axe(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("1 link is on its way.")
    # Other mail of the demonstration waits there as well.
    mail = page.get_by_role("row").filter(has_text="atlas").filter(has_text="Your account at")
    deadline = time.monotonic() + 60
    while page.goto(f"{demo.url}/dev/outbox") and mail.filter(has_text="Sent").count() == 0:
        assert time.monotonic() < deadline
    axe(page)
    mail.first.get_by_role("link").click()
    axe(page)
    with page.expect_popup() as opened:
        page.frame_locator("iframe").get_by_role("link").first.click()
    expect(opened.value.get_by_role("navigation", name="Portal")).to_be_visible()
