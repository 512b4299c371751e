"""A question about an invoice, from the mailed link on a phone to the inbox, answers by page and mail, and its end."""

import re
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import FilePayload, Page, ViewportSize, expect

from tests.journeys.served_business import ServedBusiness
from tests.plugins.browser import Axe, Complaints, NewPage
from tests.postbox import Received

CUSTOMER, STAFF, PASSWORD = "ida@example.com", "olga@nordlicht.example", "a long enough password"
PHONE: ViewportSize = {"width": 390, "height": 844}
OFFER = FilePayload(name="offer.txt", mimeType="text/plain", buffer=b"Three percent")
HOURS = FilePayload(name="hours.csv", mimeType="text/csv", buffer=b"day;hours\n1;6.5\n")


@pytest.fixture
def invoice(business: ServedBusiness) -> dict[str, Any]:
    """An invoice of a customer of this journey's own, and somebody on the staff."""
    words = ("staff", "create", "--business", "nordlicht", "--email", STAFF, "--name", "Olga", "--password", PASSWORD)
    assert business.server.command(*words).returncode == 0
    customer = business.api("POST", "customers", external_id="ida", name="Ida Iversen", email=CUSTOMER)
    line = {"description": "Work", "quantity": "1", "unit_price": "100"}
    body = {"customer": customer["id"], "issued_on": "2026-11-01", "due_on": "2026-12-01", "currency": "EUR"}
    return business.api("POST", "invoices", **body, lines=[line])


def _fits(page: Page) -> None:
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} is {wider} px wider than its screen"


def _shows_time_of(page: Page, zone: str) -> None:
    """The first message's moment reads as the clocks of a time zone; the business's own stand in its title then."""
    shown = page.locator(".po-comment-head time").first
    said = datetime.fromisoformat(str(shown.get_attribute("datetime")))
    here, there = (said.astimezone(ZoneInfo(name)) for name in ("Europe/Berlin", zone))
    expect(shown).to_have_text(re.compile(rf"^{there.day} \w+ {there.year}, {there:%H:%M}$"))
    if zone != "Europe/Berlin":
        expect(shown).to_have_attribute("title", re.compile(f"{here:%H:%M}$"))


def _ask(phone: Page, invoice: dict[str, Any]) -> None:
    """Ask about the invoice that a mailed link opens, with a file, after a try without words."""
    phone.goto(invoice["url"])
    phone.get_by_label("Your message").fill(" ")
    phone.get_by_role("button", name="Send message").click()
    expect(phone.get_by_role("alert")).to_contain_text("Write something first.")
    phone.get_by_label("Your message").fill("Is the discount in?\nhttps://example.com/offer")
    phone.get_by_label("Your name").fill("Ida")
    phone.get_by_label("Attach files").set_input_files([OFFER])
    phone.get_by_role("button", name="Send message").click()
    expect(phone.get_by_role("link", name="https://example.com/offer")).to_be_visible()
    expect(phone.get_by_role("link", name="offer.txt")).to_be_visible()
    _fits(phone)


def _follow_alert(staff: Page, business: ServedBusiness) -> None:
    """Open the conversation that the mail to the staff leads to, signing in on the way."""
    alert = business.post.wait_for(STAFF)
    assert "Is the discount in?" in alert.text
    link = re.search(r"http://\S+/conversation", alert.text)
    assert link is not None
    staff.goto(link[0])
    staff.get_by_label("E-mail").fill(STAFF)
    staff.get_by_label("Password").fill(PASSWORD)
    staff.get_by_role("button", name="Sign in", exact=True).click()
    expect(staff.get_by_text("Is the discount in?")).to_be_visible()


def _answer_by_mail(business: ServedBusiness, answered: Received) -> None:
    """Answer a mail as a mailbox does, quoting it, and have the mail server pipe that into the command."""
    reply = EmailMessage()
    reply["From"], reply["To"] = CUSTOMER, answered.message["Reply-To"]
    reply["Subject"], reply["Message-ID"] = f"Re: {answered.subject}", "<1@example.com>"
    quoted = "\n".join(f"> {line}" for line in answered.text.splitlines())
    reply.set_content(f"Thank you. Which day was it?\n\nOn 30 Nov 2026, Nordlicht wrote:\n{quoted}\n")
    reply.add_attachment(b"What we noted", maintype="text", subtype="plain", filename="notes.txt")
    assert parseaddr(str(reply["To"]))[1].startswith("reply+")
    taken = business.server.command("mail", "receive", stdin=reply.as_string())
    assert taken.returncode == 0, taken.stderr


def _see_answer(staff: Page, business: ServedBusiness, invoice: dict[str, Any]) -> None:
    """Find the customer's answer where the conversation is, which needs attention again; who looks gets no mail."""
    staff.reload()
    said = staff.locator(".po-comment").last
    expect(said.locator(".po-comment-body"), "without what it quotes").to_have_text("Thank you. Which day was it?")
    expect(said.get_by_role("link", name="notes.txt")).to_be_visible()
    expect(staff.get_by_text("Needs attention", exact=True).first).to_be_visible()
    assert business.api("GET", f"invoices/{invoice['id']}")["needs_attention"] is True


def _come_back(phone: Page, business: ServedBusiness, answered: Received) -> None:
    """Read the answer where the mail leads, and take its file."""
    link = re.search(rf"{re.escape(business.portal)}s/dl_\S+", answered.text)
    assert link is not None
    phone.goto(link[0])
    expect(phone).to_have_url(re.compile("#conversation$"))
    expect(phone.get_by_text("Yes, in line 1.")).to_be_visible()
    with phone.expect_download() as download:
        phone.get_by_role("link", name="hours.csv").click()
    assert Path(download.value.path()).read_bytes() == HOURS["buffer"]


@pytest.mark.both_databases
def test_question_is_asked_answered_and_resolved(
    business: ServedBusiness, invoice: dict[str, Any], new_page: NewPage, axe: Axe
) -> None:
    here = f"{business.portal}invoices/{invoice['id']}#conversation"
    phone = new_page(viewport=PHONE, java_script_enabled=False, timezone_id="Asia/Tokyo")
    staff, reader = new_page(timezone_id="America/New_York"), new_page(viewport=PHONE, timezone_id="Asia/Tokyo")
    _ask(phone, invoice)
    expect(phone).to_have_url(here)
    _shows_time_of(phone, "Europe/Berlin")
    _follow_alert(staff, business)
    _shows_time_of(staff, "America/New_York")
    axe(staff)
    staff.get_by_role("link", name="Inbox").first.click()
    expect(staff.get_by_text("Ida: Is the discount in?")).to_be_visible()
    axe(staff)
    staff.get_by_role("link", name=f"Invoice {invoice['number']}").click()

    reader.goto(invoice["url"])
    expect(reader.get_by_text("Is the discount in?")).to_be_visible()
    _shows_time_of(reader, "Asia/Tokyo")
    axe(reader)
    staff.get_by_label("Your message").fill("Yes, in line 1.")
    staff.get_by_label("Attach files").set_input_files([HOURS])
    staff.get_by_role("button", name="Send answer").click()
    expect(staff.get_by_text("Waiting for the customer")).to_be_visible()
    said = reader.locator(".po-comment-body").last
    expect(said, "it appears by itself").to_have_text("Yes, in line 1.", timeout=40_000)

    answered = business.post.wait_for(CUSTOMER)
    _come_back(phone, business, answered)
    expect(phone).to_have_url(here)

    _answer_by_mail(business, answered)
    _see_answer(staff, business, invoice)
    staff.get_by_role("button", name="Mark as resolved").click()
    expect(staff.get_by_text("Resolved", exact=True)).to_be_visible()
    staff.get_by_role("link", name="Inbox").first.click()
    expect(staff.get_by_text("Nothing needs attention")).to_be_visible()
    assert business.api("GET", f"invoices/{invoice['id']}")["needs_attention"] is False
    assert len([mail for mail in business.post.mails if mail.recipients == [STAFF]]) == 1


def test_general_question_from_my_account(
    business: ServedBusiness, page: Page, axe: Axe, complaints: Complaints
) -> None:
    complaints.allow("422")
    page.goto(business.api("GET", "customers/dora/portal_url")["customer"]["portal_url"])
    page.get_by_role("link", name="Ask a question").click()
    expect(page.get_by_role("heading", name="Messages", level=1)).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_role("alert")).to_be_focused()
    axe(page)
    page.get_by_label("Your message").fill("أهلاً، متى تفتحون؟")
    page.get_by_role("button", name="Send message").click()
    said = page.locator(".po-comment-body")
    expect(said).to_have_text("أهلاً، متى تفتحون؟")
    assert said.evaluate("element => getComputedStyle(element).direction") == "rtl"
    page.get_by_role("link", name="Edit").click()
    axe(page)
    page.get_by_label("Your message").fill("When do you open?")
    page.get_by_role("button", name="Save").click()
    expect(said).to_have_text("When do you open?")
    expect(page.get_by_text("Edited")).to_be_visible()
    page.get_by_role("link", name="Remove").click()
    axe(page)
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("This message was removed")).to_be_visible()
    page.set_viewport_size(PHONE)
    _fits(page)
