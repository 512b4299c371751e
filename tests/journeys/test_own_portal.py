"""A business makes the portal its own: style sheet, statistics and script, on its pages and not where money moves."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.journeys.conftest import Demo
from tests.journeys.passkeys import add_passkey, give_authenticator
from tests.journeys.test_staff import sign_in
from tests.plugins.browser import Axe, Complaints, NewPage

pytestmark = pytest.mark.xdist_group("demo with hosts")

CSS = ".po-figure { color: light-dark(rgb(180, 0, 0), rgb(255, 150, 140)) }\n@media print { .po-nav { display: none } }"
CODE = "document.documentElement.dataset.page = `${portico.page} ${portico.language} ${portico.customer}`"


def save(page: Page, said: str) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(said)).to_be_visible()


def as_typed(field: Locator) -> None:
    """Check that code is shown in the letters it is written in, from the start of the line."""
    expect(field).to_have_css("text-transform", "none")
    expect(field).to_have_css("text-align", "start")
    expect(field).to_have_css("font-family", re.compile("monospace"))


def set_all(page: Page, demo: Demo, *, on: bool) -> None:
    """Set a style sheet, statistics by Matomo and a script, or take all of them away again."""
    page.goto(f"{demo.url}/settings/brand/css")
    page.get_by_label("CSS").fill(CSS if on else "")
    as_typed(page.get_by_label("CSS"))
    save(page, "The style sheet is saved.")
    page.goto(f"{demo.url}/settings/brand/analytics")
    page.get_by_role("combobox", name="Service").select_option("matomo" if on else "")
    page.get_by_label("Id", exact=True).fill("7")
    page.get_by_label("Host").fill("https://matomo.example")
    save(page, "The settings are saved.")
    page.goto(f"{demo.url}/settings/brand/script")
    page.get_by_label("Run the script").set_checked(on)
    page.get_by_label("JavaScript").fill(CODE if on else "")
    as_typed(page.get_by_label("JavaScript"))
    save(page, "The script is saved.")


@pytest.mark.both_databases
def test_style_statistics_and_script(
    demo_with_hosts: Demo, page: Page, new_page: NewPage, axe: Axe, complaints: Complaints
) -> None:
    demo = demo_with_hosts
    sign_in(page, demo)
    give_authenticator(page)
    add_passkey(page, demo)
    set_all(page, demo, on=True)
    try:
        customer = new_page()
        as_customer(customer, demo, axe, complaints)
    finally:
        set_all(page, demo, on=False)
        demo.command("staff", "reset-mfa", demo.staff)


def as_customer(page: Page, demo: Demo, axe: Axe, complaints: Complaints) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body="", content_type="text/javascript")

    page.route("https://matomo.example/**", answer)
    page.goto(demo.english)
    figure = page.locator(".po-figure").first
    assert figure.evaluate("element => getComputedStyle(element).color") == "rgb(180, 0, 0)"
    expect(page.locator("html")).to_have_attribute("data-page", "/ en null")
    # Nothing is asked of anybody before the visitor has answered.
    consent = page.get_by_role("region", name="Statistics")
    expect(consent).to_be_visible()
    axe(page)
    assert (asked, page.context.cookies("https://matomo.example")) == ([], [])
    consent.get_by_role("button", name="Decline").click()
    page.reload()
    expect(consent).to_be_hidden()
    assert asked == []
    complaints.allow(r"foreign request: https://matomo\.example/matomo\.js$")
    page.get_by_role("button", name="Statistics").click()
    consent.get_by_role("button", name="Allow").click()
    page.wait_for_function("() => document.querySelector('script[src*=\"matomo.js\"]')")
    queue = page.evaluate("() => JSON.stringify(window._paq)")
    assert "setCustomUrl" in queue
    page.emulate_media(media="print")
    expect(page.locator(".po-nav")).to_be_hidden()
    page.emulate_media(media="screen")
    page.goto(f"{page.url}?css=off")
    assert page.locator(".po-figure").first.evaluate("e => getComputedStyle(e).color") != "rgb(180, 0, 0)"
    # Where money moves there is nothing of the business's own.
    page.locator(".po-hero-pay a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.locator("html").get_attribute("data-page") is None
    assert page.evaluate("() => [typeof window.portico, typeof window._paq]") == ["undefined", "undefined"]
