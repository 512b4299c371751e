"""A document's own link, from the program that made it to the mailbox: in a real browser, with real mail."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.served_business import ServedBusiness
from tests.plugins.browser import Axe, Complaints, NewPage

ADDRESS = "emil@example.com"


@pytest.fixture
def invoice(business: ServedBusiness) -> dict[str, Any]:
    """An invoice of a customer of this journey's own."""
    customer = business.api("POST", "customers", external_id="emil", name="Emil Ernst", email=ADDRESS)
    line = {"description": "Work", "quantity": "1", "unit_price": "100"}
    body = {"customer": customer["id"], "issued_on": "2026-11-01", "due_on": "2026-12-01", "currency": "EUR"}
    return business.api("POST", "invoices", **body, lines=[line])


@pytest.mark.both_databases
def test_a_document_link_opens_heals_and_is_ended(
    business: ServedBusiness, invoice: dict[str, Any], new_page: NewPage, page: Page, axe: Axe, complaints: Complaints
) -> None:
    complaints.allow("403")
    page.goto(invoice["payment_url"])
    expect(page).to_have_url(f"{business.portal}invoices/{invoice['id']}#pay")
    expect(page.get_by_role("heading", name="How to pay")).to_be_in_viewport()
    axe(page)
    owner = new_page(java_script_enabled=False)
    owner.goto(business.api("GET", "customers/emil/portal_url")["customer"]["portal_url"])
    owner.goto(f"{business.portal}sessions")
    expect(owner.get_by_text("Opened with the link to one document")).to_be_visible()
    owner.get_by_role("button", name="End all others").click()
    expect(owner.locator(".po-session")).to_have_count(1)
    page.reload()
    expect(page.get_by_label("E-mail"), "a session that was ended shows the sign-in page").to_be_visible()
    expired = (
        "Grant.objects.filter(purpose='document_link', customer__external_id='emil').update(expires_at=F('created_at'))"
    )
    words = f"from django.db.models import F; from portico.domain.access.models import Grant; {expired}"
    assert business.server.command("manage", "shell", "-v", "0", "-c", words).returncode == 0
    reader = new_page(java_script_enabled=False)
    reader.goto(f"{invoice['url']}?page=conversation")
    expect(reader.get_by_text("e•••@example.com")).to_be_visible()
    reader.get_by_role("button", name="Send a new link").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Check your mail")
    fresh = re.search(rf"{re.escape(business.portal)}s/dl_\S+", business.post.wait_for(ADDRESS).text)
    assert fresh is not None
    reader.goto(fresh[0])
    expect(reader).to_have_url(f"{business.portal}invoices/{invoice['id']}#conversation")
    expect(reader.get_by_role("heading", name="Have questions?")).to_be_in_viewport()
