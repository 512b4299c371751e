"""The portal in a shop's page, at another site and over TLS: in Chromium by each policy for cookies, and in Firefox."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from tests.journeys.embedding_shop import Shop, serve_shop
from tests.journeys.firefox import firefox_path, open_firefox
from tests.journeys.test_stripe import type_card
from tests.plugins.browser import BROWSER_FLAGS, Axe, Complaints, browser_path
from tests.stripe import CARDS, StripeServer

pytestmark = pytest.mark.xdist_group("embedding")

type Chromium = Callable[[str], Page]

CARD = {"cardholder": "Ada", "card_number": "4242 4242 4242 4242", "card_expiry": "12/30", "card_cvc": "123"}
CHALLENGED = {**CARD, "card_number": "4000 0000 0000 3220"}
_NO_COOKIES_IN_THE_SHOP = {"exceptions": {"cookies": {"https://localhost,https://shop.localhost": {"setting": 2}}}}
# What somebody can have chosen in Chromium for cookies, as preferences and flags.
POLICIES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "third-party cookies": ({"cookie_controls_mode": 0}, []),
    "partitioned cookies alone": ({"cookie_controls_mode": 1}, ["--test-third-party-cookie-phaseout"]),
    "no cookies": ({"content_settings": _NO_COOKIES_IN_THE_SHOP}, []),
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, stripe_server: StripeServer) -> Iterator[Shop]:
    settings = {
        "PORTICO_STRIPE_API_URL": stripe_server.url,
        "PORTICO_STRIPE_JS_URL": stripe_server.script_url,
        "STRIPE_PUBLISHABLE_KEY": "pk_test_frame",
        "STRIPE_SECRET_KEY": "sk_test_frame",
        "STRIPE_WEBHOOK_SECRET": "whsec_frame",
    }
    with serve_shop(tmp_path_factory.mktemp("embedding"), **settings) as served:
        yield served


@pytest.fixture
def chromium(browser: Browser, complaints: Complaints, tmp_path: Path) -> Iterator[Chromium]:
    """Open a page in a Chromium of its own, with one of the policies."""
    # The shop has no icon, a frame without its session is answered 403, and who types on leaves a request behind.
    complaints.allow("favicon|status of 40[134]|htmx:(sendAbort|afterRequest)")
    opened: list[BrowserContext] = []

    def start(policy: str) -> Page:
        preferences, flags = POLICIES[policy]
        profile = tmp_path / "profile"
        (profile / "Default").mkdir(parents=True)
        (profile / "Default" / "Preferences").write_text(json.dumps({"profile": preferences}))
        context = browser.browser_type.launch_persistent_context(
            profile,
            executable_path=browser_path(),
            args=[*BROWSER_FLAGS, *flags],
            ignore_https_errors=True,
            locale="en-GB",
            viewport={"width": 1280, "height": 900},
        )
        context.set_default_timeout(30_000)
        context.on("page", complaints.watch)
        opened.append(context)
        return context.new_page()

    yield start
    for context in opened:
        context.close()


def portal(page: Page) -> FrameLocator:
    return page.frame_locator("portico-portal iframe")


def shows(page: Page, heading: str) -> None:
    expect(portal(page).get_by_role("heading", level=1)).to_have_text(heading, timeout=30_000)


def cookies_of_the_frame(page: Page) -> list[str]:
    return [str(one.get("value")) for one in page.context.cookies() if str(one.get("name")).endswith(".frame")]


def look_for(page: Page, words: str) -> None:
    portal(page).get_by_role("searchbox").fill(words)
    portal(page).get_by_role("searchbox").press("Enter")


@pytest.mark.both_databases
@pytest.mark.parametrize("policy", POLICIES)
def test_read_filter_download_pay_expire_and_go_on(shop: Shop, chromium: Chromium, policy: str) -> None:
    number, page = shop.invoice(), chromium(policy)
    page.goto(shop.url)
    shows(page, "Balance due")
    assert len(cookies_of_the_frame(page)) == (0 if policy == "no cookies" else 1)
    portal(page).locator(".po-nav").get_by_role("link", name="Activity").click()
    shows(page, "Activity")
    look_for(page, "nothing like that")
    expect(portal(page).locator(".po-empty")).to_be_visible()
    look_for(page, number)
    portal(page).get_by_role("link", name=number).first.click()
    expect(portal(page).locator("#doc-title")).to_contain_text(number)
    # The frame is as high as what it shows, and nothing in it scrolls.
    expect(page.locator("portico-portal iframe")).not_to_have_css("height", "600px")
    assert portal(page).locator("html").evaluate("html => html.scrollHeight <= innerHeight + 1")
    with page.expect_download() as downloading:
        portal(page).get_by_role("link", name=re.compile("PDF")).first.click()
    assert Path(downloading.value.path()).read_bytes().startswith(b"%PDF-")
    portal(page).get_by_role("link", name="Pay", exact=True).first.click()
    for name, value in CHALLENGED.items():
        portal(page).locator(f"[name={name}]").fill(value)
    portal(page).locator("#pay_button").click()
    # The bank's page is in a tab of its own, which says how it went; and the frame sees it.
    shows(page, "Your bank asks you to confirm")
    with page.expect_popup() as opened:
        portal(page).get_by_role("link", name="Continue to the bank").click()
    opened.value.get_by_role("button", name=re.compile("^Confirm")).click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Payment received")
    expect(opened.value.get_by_text("You can go on in the tab that you came from.")).to_be_visible()
    opened.value.close()
    shows(page, "Payment received")
    # It is over, and goes on by itself where the customer wanted to go.
    shop.expire()
    portal(page).locator(".po-nav").get_by_role("link", name="Activity").click()
    shows(page, "Activity")
    assert page.url == f"{shop.url}/"


@pytest.mark.parametrize("policy", ["partitioned cookies alone", "no cookies"])
def test_stripes_form_pays_in_the_frame_or_in_a_tab_that_the_frame_follows(
    shop: Shop, stripe_server: StripeServer, chromium: Chromium, policy: str
) -> None:
    shop.server.command("gateway", "add", "stripe", "--business", "nordlicht")
    number, page = shop.invoice(), chromium(policy)
    page.goto(f"{shop.url}/?page=invoices")
    portal(page).get_by_role("link", name=number).first.click()
    portal(page).get_by_role("link", name="Pay", exact=True).first.click()
    portal(page).locator("[value='stripe:card']").check()
    if policy == "partitioned cookies alone":
        type_card(portal(page), CARDS["card"])
        portal(page).locator("#pay_button").click()
        shows(page, "Payment received")
        return
    with page.expect_popup() as opened:
        portal(page).get_by_role("link", name="Open in a new tab").click()
    tab = opened.value
    expect(tab.get_by_text(number).first).to_be_visible()
    tab.locator("[value='stripe:card']").check()
    type_card(tab, CARDS["card"])
    tab.locator("#pay_button").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Payment received")
    # The frame is back at the invoice by itself.
    expect(portal(page).locator("#doc-title")).to_contain_text(number, timeout=20_000)
    expect(portal(page).get_by_text("Paid", exact=True).first).to_be_visible()
    assert stripe_server.payments()[-1]["status"] == "succeeded"


def test_axe_and_pages_that_are_refused_in_the_frame(shop: Shop, chromium: Chromium, axe: Axe) -> None:
    page = chromium("partitioned cookies alone")
    page.goto(shop.url)
    shows(page, "Balance due")
    page.locator("portico-portal").evaluate("element => element.setAttribute('nav', 'hidden')")
    expect(portal(page).locator(".po-nav")).to_have_count(0)
    shows(page, "Balance due")
    frame = page.frames[1]
    axe(frame)
    frame.evaluate("location.href = 'invoices/nowhere'")
    shows(page, "This page is not here")
    expect(portal(page).locator(".po-nav")).to_have_count(0)
    axe(frame)
    shop.open_portal(opened=False)
    portal(page).get_by_role("link", name="My Account").click()
    shows(page, "Portal not available")
    axe(frame)
    fits = portal(page).locator("html").evaluate("html => html.scrollHeight <= innerHeight + 1 && innerHeight !== 600")
    assert fits
    shop.open_portal(opened=True)


def test_session_that_is_about_to_end_goes_on_and_what_is_typed_stays(shop: Shop, chromium: Chromium) -> None:
    page = chromium("third-party cookies")
    page.goto(f"{shop.url}/?page=invoices")
    shows(page, "Activity")
    (former,) = cookies_of_the_frame(page)
    shop.end_in(seconds=75)
    portal(page).locator(".po-nav").get_by_role("link", name="Activity").click()
    portal(page).get_by_role("searchbox").fill("half a wor")
    with page.expect_response(lambda response: "/s/" in response.url, timeout=60_000) as renewed:
        pass
    assert renewed.value.status == 204
    expect(portal(page).get_by_role("searchbox")).to_have_value("half a wor")
    (cookie,) = cookies_of_the_frame(page)
    assert cookie != former


def test_page_around_is_told_of_the_sign_out_and_brings_nobody_back(shop: Shop, chromium: Chromium) -> None:
    page = chromium("partitioned cookies alone")
    page.goto(shop.url)
    shows(page, "Balance due")
    page.locator("portico-portal").evaluate(
        "element => element.addEventListener('portico-signed-out', () => { element.dataset.told = 'signed out'; })"
    )
    portal(page).locator("details.po-menu summary").last.click()
    portal(page).get_by_role("button", name="Sign out").click()
    shows(page, "You have signed out")
    expect(page.locator("portico-portal")).to_have_attribute("data-told", "signed out", timeout=30_000)
    assert cookies_of_the_frame(page) == []
    # It is told of the end too when its own site hands out no new URL.
    shop.expire()
    page.route(f"{shop.url}/portal-url", lambda route: route.fulfill(status=401, body="Sign in first."))
    page.locator("portico-portal").evaluate(
        "element => { element.addEventListener('portico-expired', () => { element.dataset.told = 'expired'; });"
        " element.setAttribute('page', 'invoices'); }"
    )
    expect(page.locator("portico-portal")).to_have_attribute("data-told", "expired", timeout=30_000)
    shows(page, "Access deniedThis link has expired")


def test_site_that_is_not_registered_shows_nothing(shop: Shop, chromium: Chromium, complaints: Complaints) -> None:
    complaints.allow("frame-ancestors|postMessage")
    page = chromium("third-party cookies")
    page.goto(shop.unregistered)
    expect(page.locator("portico-portal iframe")).to_have_attribute("src", re.compile("/s/"), timeout=30_000)
    page.wait_for_load_state("networkidle")
    frames = [frame for frame in page.frames if frame.parent_frame is not None]
    assert [frame.url for frame in frames] == ["chrome-error://chromewebdata/"]
    # A frame that is not from a portal URL shows nothing at the registered site either.
    page.goto(shop.url)
    shows(page, "Balance due")
    page.locator("portico-portal iframe").evaluate("(frame, url) => { frame.src = url; }", f"{shop.portal}sign-in")
    expect(page.locator("portico-portal iframe")).to_have_attribute("src", re.compile("sign-in$"), timeout=30_000)
    page.wait_for_load_state("networkidle")
    assert [frame.url for frame in page.frames if frame.parent_frame is not None] == ["chrome-error://chromewebdata/"]


def test_firefox_reads_filters_downloads_pays_and_goes_on(shop: Shop, tmp_path: Path) -> None:
    if firefox_path() is None:
        pytest.skip("there is no Firefox here: apt-get install firefox-esr")
    number = shop.invoice()
    with open_firefox(tmp_path) as firefox:
        firefox.goto(shop.url)
        firefox.until("document.querySelector('h1')?.innerText === 'Balance due'")
        firefox.click(".po-nav a[href$='/activity']")
        firefox.until("document.querySelector('h1')?.innerText === 'Activity'")
        firefox.run("document.querySelector('[type=search]').value = 'nothing like that'")
        firefox.run("document.querySelector('[type=search]').form.requestSubmit()")
        firefox.until("document.querySelector('.po-empty') !== null")
        firefox.run(f"document.querySelector('[type=search]').value = '{number}'")
        firefox.run("document.querySelector('[type=search]').form.requestSubmit()")
        firefox.click(".po-c-main a")
        firefox.until(f"document.querySelector('#doc-title')?.innerText.includes('{number}')")
        firefox.until("document.documentElement.scrollHeight <= innerHeight + 1 && innerHeight !== 600")
        firefox.click("a[href$='.pdf']")
        firefox.until_here(lambda: [path.read_bytes()[:5] for path in tmp_path.glob("*.pdf")] == [b"%PDF-"])
        firefox.run("[...document.querySelectorAll('a')].find(link => link.innerText.trim() === 'Pay').click()")
        firefox.until("document.querySelector('[name=cardholder]') !== null")
        for name, value in CARD.items():
            firefox.run(f"document.querySelector('[name={name}]').value = '{value}'")
        firefox.click("#pay_button")
        firefox.until("document.querySelector('h1')?.innerText === 'Payment received'")
        shop.expire()
        firefox.click(".po-nav a[href$='/activity']")
        firefox.until("document.querySelector('h1')?.innerText === 'Activity'")
