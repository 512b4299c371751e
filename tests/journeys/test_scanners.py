"""Programs that look at links in mails, before or after their reader does, use nothing up and have nothing done.

They ask for the address with HEAD and GET, open it in a browser that runs its scripts and wait there, and send the
forms they find without the cookies that came with them: as Microsoft Defender and Barracuda do.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx
import jwt
import pytest
from playwright.sync_api import Page, expect

from portico.lib.clock import now
from tests.journeys.served_business import ServedBusiness
from tests.plugins.browser import NewPage


@dataclass
class Form:
    """A form as a program sees it: where it goes and what it would send."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class Forms(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(values.get("action", ""), values.get("method", "get").upper()))
        elif tag in {"input", "button"} and self.found and "name" in values:
            self.found[-1].fields[values["name"]] = values.get("value", "x")


def scanned(link: str, new_page: NewPage) -> set[int]:
    """Do to a link what scanners do; returns how the forms that were sent without cookies were answered."""
    with httpx.Client(timeout=60) as program:
        program.head(link)
    answers = set()
    for _ in range(2):
        with httpx.Client(timeout=60, follow_redirects=True) as program:
            answers |= _send_forms(str(program.get(link).url), program.get(link).text)
    page = new_page()
    page.clock.install()
    page.goto(link)
    page.clock.fast_forward(120_000)
    answers |= _send_forms(page.url, page.content())
    page.context.close()
    return answers


def _send_forms(address: str, html: str) -> set[int]:
    parser = Forms()
    parser.feed(html)
    assert parser.found, f"{address} has no form"
    return {
        httpx.request(form.method, urljoin(address, form.action), data=form.fields, timeout=60).status_code
        for form in parser.found
        if form.method == "POST"
    }


def test_a_sign_in_mail_that_was_scanned_still_signs_in(
    business: ServedBusiness, page: Page, new_page: NewPage
) -> None:
    page.goto(business.portal)
    page.get_by_label("E-mail").fill("dora@example.com")
    page.get_by_role("button", name="Send me a link").click()
    link, _ = business.mailed("dora@example.com")
    assert scanned(link, new_page) == {403}
    page.goto(link)
    page.get_by_role("button", name="Continue as Dora Dahl").click()
    expect(page.locator(".po-bar")).to_contain_text("Dora Dahl")


def test_a_document_that_was_scanned_is_not_seen(business: ServedBusiness, page: Page, new_page: NewPage) -> None:
    line = {"description": "Work", "quantity": "1", "unit_price": "100"}
    made = business.api("POST", "invoices", customer="dora", issued_on="2026-11-02", currency="EUR", lines=[line])
    invoice = f"invoices/{made['id']}"
    link = business.api("GET", invoice)["url"]
    assert scanned(link, new_page) == {403}
    assert business.api("GET", invoice)["status"] == "issued"
    page.goto(link)
    with page.expect_response(lambda response: response.url.endswith("/viewed")):
        page.mouse.move(300, 300)
    assert business.api("GET", invoice)["status"] == "viewed"


@pytest.mark.both_databases
def test_a_portal_link_that_was_scanned_still_opens(business: ServedBusiness, page: Page, new_page: NewPage) -> None:
    link = business.server.command("link", "dora", "--business", "nordlicht").stdout.strip()
    assert scanned(link, new_page) == {403}
    page.goto(link)
    expect(page.get_by_role("navigation", name="Portal")).to_be_visible()


def test_a_signed_link_that_opens_once_is_left_for_its_reader(
    business: ServedBusiness, page: Page, new_page: NewPage
) -> None:
    key = business.server.command("magic-key", "create", "--business", "nordlicht").stdout.strip()
    claims = {"sub": "dora", "exp": now() + timedelta(minutes=10), "jti": "once"}
    link = f"{business.portal}login/{jwt.encode(claims, key, algorithm='HS256')}?redirect_to=open_item_statement"
    assert scanned(link, new_page) == {403}
    page.goto(link)
    page.get_by_role("button", name="Continue as Dora Dahl").click()
    expect(page).to_have_url(f"{business.portal}statements?type=open_item")
    page.context.clear_cookies()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_contain_text("This link has been used")


def test_an_address_is_changed_and_taken_back_by_its_readers_alone(
    business: ServedBusiness, page: Page, new_page: NewPage
) -> None:
    former, new = "frida@example.com", "office@frida.example"
    business.api("POST", "customers", external_id="frida", name="Frida Falk", email=former)

    def link(address: str, path: str) -> str:
        found = re.search(rf"{re.escape(business.portal)}{path}/ch_[\w-]+", business.post.wait_for(address).text)
        assert found
        return found[0]

    def on_file() -> str:
        return str(business.api("GET", "customers/frida")["email"])

    page.goto(business.api("GET", "customers/frida/portal_url")["customer"]["portal_url"])
    page.goto(f"{business.portal}billing-details/email")
    page.get_by_label("New e-mail address").fill(new)
    page.get_by_role("button", name="Send the link").click()
    assert scanned(link(new, "email"), new_page) == {403}
    assert on_file() == former
    page.goto(link(new, "email"))
    page.get_by_role("button", name="Confirm the address").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The address is changed")
    assert on_file() == new
    assert scanned(link(former, "email-undo"), new_page) == {403}
    assert on_file() == new
    page.goto(link(former, "email-undo"))
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The former address is back")
    assert on_file() == former
