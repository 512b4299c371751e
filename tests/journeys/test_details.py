"""A customer keeps their details right, shows who they are by a code, and moves to another e-mail address."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_sign_in import is_open_to_everyone
from tests.plugins.browser import Axe, NewPage
from tests.plugins.database import NewDatabase
from tests.postbox import Postbox, open_postbox
from tests.server import Server

_LINE = {"description": "Lamp", "quantity": "1", "unit_price": "100"}


@dataclass(frozen=True)
class ServedBusiness:
    """A business that is served, a program with a key to it, and the post office of its customers."""

    server: Server
    key: str
    post: Postbox

    @property
    def portal(self) -> str:
        return f"{self.server.url}/portal/nordlicht/"

    def send(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Have the program write something, and return the answer."""
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = httpx.post(f"{self.server.url}/api/v1/{path}", json=body, headers=headers, timeout=60)
        assert answer.status_code in {200, 201}, answer.text
        written: dict[str, Any] = answer.json()
        return written

    def customer(self, name: str) -> str:
        """A new customer of this name, with a contact; returns the external id."""
        key = name.lower()
        contact = {"name": f"Eva {name}", "email": f"eva@{key}.example"}
        address = {"kind": "billing", "line1": "Hauptstr. 1", "postal_code": "10115", "city": "Berlin", "country": "DE"}
        body = {"external_id": key, "name": f"{name} GmbH", "email": f"ap@{key}.example", "phone": "030 1"}
        self.send("customers", body | {"contacts": [contact], "addresses": [address]})
        return key

    def link(self, customer: str) -> str:
        """A fresh link to a customer's account."""
        return self.server.command("link", customer, "--business", "nordlicht").stdout.strip()

    def mailed(self, address: str, pattern: str) -> str:
        """What the next mail to an address says of this pattern."""
        found = re.search(pattern, self.post.wait_for(address).text)
        assert found
        return found[0]


@pytest.fixture(scope="module")
def business(tmp_path_factory: pytest.TempPathFactory, prepared_database: NewDatabase) -> Iterator[ServedBusiness]:
    """Nordlicht, whose customers may change their details."""
    post, post_office = open_postbox()
    server = Server(tmp_path_factory.mktemp("details"), prepared_database())
    server.environment["PORTICO_EMAIL_URL"] = post.url
    with server:
        words = (
            "business create --name Nordlicht --slug nordlicht --currency EUR --country DE --time-zone Europe/Berlin"
        )
        assert server.command(*words.split()).returncode == 0
        key = server.command("apikey", "create", "--business", "nordlicht", "--name", "ERP").stdout.strip()
        yield ServedBusiness(server, key, post)
    post_office.stop()


@pytest.mark.both_databases
@pytest.mark.parametrize("scripts", [True, False])
def test_details_are_corrected(business: ServedBusiness, new_page: NewPage, axe: Axe, scripts: bool) -> None:
    page = new_page(java_script_enabled=scripts)
    page.goto(business.link(business.customer("Acme" if scripts else "Bolt")))
    page.get_by_role("link", name="Billing details").first.click()
    page.get_by_role("link", name="Change", exact=True).first.click()
    if scripts:
        is_open_to_everyone(page, axe)
    billing = page.get_by_role("group", name="Billing address")
    billing.get_by_label("Town").fill("")
    page.get_by_label("Phone").fill("030 22")
    page.get_by_role("button", name="Save").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Enter the town.")
    expect(page.get_by_label("Phone")).to_have_value("030 22")
    if scripts:
        expect(summary).to_be_focused()
        is_open_to_everyone(page, axe)
    summary.get_by_role("link").click()
    billing.get_by_label("Town").fill("Potsdam")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Your details are saved.")
    expect(page.get_by_text("10115 Potsdam")).to_be_visible()
    expect(page.get_by_text("030 22")).to_be_visible()


def test_two_at_once_see_what_the_other_did(business: ServedBusiness, page: Page, axe: Axe) -> None:
    key = business.customer("Clara")
    page.goto(business.link(key))
    page.goto(f"{business.portal}billing-details/edit")
    business.send("customers", {"external_id": key, "phone": "030 99"})
    page.get_by_label("Phone").fill("030 2")
    page.get_by_role("button", name="Save").click()
    row = page.get_by_role("alert").get_by_role("row", name="Phone")
    expect(row).to_contain_text("030 99")
    expect(row).to_contain_text("030 2")
    expect(page.get_by_role("alert")).to_be_focused()
    is_open_to_everyone(page, axe)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("030 2", exact=True)).to_be_visible()


def test_from_one_document_by_a_code_to_the_contacts(business: ServedBusiness, page: Page, axe: Axe) -> None:
    invoice = {"customer": business.customer("Dora"), "issued_on": "2026-11-01", "currency": "EUR", "lines": [_LINE]}
    page.goto(business.send("invoices", invoice)["url"])
    page.get_by_role("link", name="My Account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to see this")
    is_open_to_everyone(page, axe)
    page.get_by_label("e•••@dora.example").check()
    page.get_by_role("button", name="Send the code").click()
    is_open_to_everyone(page, axe)
    expect(page.get_by_label("Code")).to_be_focused()
    page.get_by_label("Code").fill("AAAA-AAAA")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not the code in the mail.")
    page.get_by_label("Code").fill(business.mailed("eva@dora.example", r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b"))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Balance due")
    page.get_by_role("link", name="Billing details").first.click()
    page.get_by_role("link", name="Add a contact").click()
    is_open_to_everyone(page, axe)
    page.get_by_label("Name").fill("Udo Ost")
    page.get_by_label("E-mail").fill("udo@dora.example")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("listitem").filter(has_text="Udo Ost")).to_contain_text("udo@dora.example")
    page.get_by_role("link", name="Change Udo Ost").click()
    page.get_by_role("link", name="Remove this contact").click()
    is_open_to_everyone(page, axe)
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("status")).to_contain_text("The contact is removed.")
    expect(page.get_by_text("Udo Ost")).to_have_count(0)


def test_an_address_moves_and_comes_back(business: ServedBusiness, page: Page, new_page: NewPage, axe: Axe) -> None:
    emil = business.customer("Emil")
    page.goto(business.link(emil))
    page.goto(f"{business.portal}billing-details/email")
    is_open_to_everyone(page, axe)
    page.get_by_label("New e-mail address").fill("office@emil.example")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your mail")
    reader, former = new_page(), new_page()
    reader.goto(business.mailed("office@emil.example", r"http://\S+/email/ch_[\w-]+"))
    expect(reader.get_by_text("Emil GmbH")).to_be_visible()
    is_open_to_everyone(reader, axe)
    reader.get_by_role("button", name="Confirm the address").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("The address is changed")
    page.goto(f"{business.portal}billing-details")
    expect(page.get_by_role("main").get_by_text("office@emil.example")).to_be_visible()
    former.goto(business.mailed("ap@emil.example", r"http://\S+/email-undo/ch_[\w-]+"))
    is_open_to_everyone(former, axe)
    former.get_by_role("button", name="Take it back").click()
    expect(former.get_by_role("heading", level=1)).to_have_text("The former address is back")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    page.goto(business.link(emil))
    page.goto(f"{business.portal}billing-details")
    expect(page.get_by_role("main").get_by_text("ap@emil.example")).to_be_visible()
