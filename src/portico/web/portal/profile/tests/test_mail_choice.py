"""Customers choose which mails they get: in the billing details, and by the link and the button in a mail."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from conftest import Clock, React
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.branding.actions.change_stylesheet import change_stylesheet
from portico.domain.businesses.actions.change_settings import change_mail_settings, change_portal_settings
from portico.domain.customers.models import Contact, Customer, MailOptOut
from portico.domain.documents.mailing import MailInput
from portico.output.mail.actions.ask_reminders import ask_reminders
from portico.output.mail.actions.mail_document import mail_document
from portico.output.mail.actions.mail_more import mail_statement
from portico.output.mail.models import Message
from portico.web.dashboard.tests.cast import Paper, a_document
from portico.web.portal.conftest import TODAY, SignIn, Visitor
from tests.postbox import Postbox, Received

pytestmark = pytest.mark.django_db

MAIN, EVA = "ap@acme.example", "eva@acme.example"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def acme(acme: Customer) -> Customer:
    acme.email = MAIN
    acme.save()
    Contact.objects.create(customer=acme, name="Eva Klein", email=EVA)
    change_mail_settings(acme.business, {"mail_reminders": True, "reminder_days": [1]}, by=OPERATOR)
    acme.business.refresh_from_db()
    return acme


@pytest.fixture
def visitor(acme: Customer, sign_in: SignIn) -> Visitor:
    return sign_in(acme)


def chosen() -> set[tuple[str, str]]:
    return set(MailOptOut.objects.values_list("email", "topic"))


def reminded(acme: Customer, clock: Clock, react: React, postbox: Postbox) -> Received:
    """Let an invoice be past due, and return the mail that reminds of it."""
    a_document(acme, Paper(issued_on=TODAY, due_on=TODAY))
    clock.advance(days=1)
    ask_reminders()
    react()
    return postbox.the_only()


def browser() -> Client:
    """A stranger's, or a mail program: without cookies and tokens."""
    return Client(headers={"host": "testserver"}, enforce_csrf_checks=True)


def unsubscribe_path(mail: Received) -> str:
    return urlsplit(str(mail.message["List-Unsubscribe"]).strip("<>")).path


def test_each_address_chooses_its_own_mails(visitor: Visitor) -> None:
    page = visitor.page("mail_choice")
    assert page.count("checked") == 8, "two addresses, four topics, nothing is off"
    assert "are always mailed." in page
    answer = visitor.client.post(
        visitor.url("mail_choice"),
        {"address": [MAIN, EVA], "wanted": [f"statements {MAIN}", f"messages {MAIN}", f"reminders {EVA}"]},
    )
    assert (answer.status_code, answer["Location"]) == (303, visitor.url("billing_details") + "?saved=mail")
    assert chosen() == {
        (MAIN, "reminders"), (MAIN, "estimates"), (EVA, "statements"), (EVA, "estimates"), (EVA, "messages"),
    }  # fmt: skip
    assert "Switched off: Reminders and Estimates and sales orders" in visitor.page("billing_details")
    happened = Activity.objects.filter(verb="customer.mail_chosen").order_by("id")
    assert {"email": MAIN, "off": ["estimates", "reminders"], "on": []} in [row.data for row in happened]
    # Sent again, it changes nothing and is no news.
    visitor.client.post(visitor.url("mail_choice"), {"address": [EVA], "wanted": [f"reminders {EVA}"]})
    assert happened.count() == 2


def test_addresses_of_nobody_here_are_not_chosen_for(visitor: Visitor) -> None:
    visitor.client.post(visitor.url("mail_choice"), {"address": ["boss@other.example"], "wanted": []})
    assert chosen() == set()


def test_a_reminder_has_a_link_and_a_button_that_switch_reminders_off(
    acme: Customer, clock: Clock, postbox: Postbox, react: React
) -> None:
    mail = reminded(acme, clock, react, postbox)
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path, program = unsubscribe_path(mail), browser()
    assert path in mail.text
    assert path in mail.html
    for method in ("get", "head", "get"):
        answer = getattr(program, method)(path)
        assert answer.status_code == 200
    change_stylesheet(acme.business, ".po-btn { border-radius: 99px }", on=True, by=OPERATOR)
    html = program.get(path).content.decode()
    assert "Get no more of these mails?" in html
    assert re.search(r'/brand/[^"]+\.css"', html), "the business's own style sheet"
    assert chosen() == set(), "looking switches nothing off"
    assert program.post(path, ONE_CLICK).status_code == 200
    assert chosen() == {(MAIN, "reminders")}
    row = Activity.objects.get(verb="customer.mail_chosen")
    assert (row.customer, row.actor_kind, row.actor_label) == (acme, "customer", MAIN)
    assert "You get no more of these mails" in program.get(path).content.decode()
    program.post(path, ONE_CLICK)
    assert Activity.objects.filter(verb="customer.mail_chosen").count() == 1
    assert "Get no more of these mails?" in program.post(path, {"do": "resume"}).content.decode()
    assert chosen() == set()


@pytest.mark.parametrize("forged", ["other", "short", "long"])
def test_a_forged_link_switches_nothing_off(
    acme: Customer, clock: Clock, postbox: Postbox, react: React, forged: str
) -> None:
    head, _, token = unsubscribe_path(reminded(acme, clock, react, postbox)).rpartition("/")
    proof = "".join("a" if letter != "a" else "b" for letter in token[30:40])
    tokens = {"other": token[:30] + proof + token[40:], "short": token[:-9], "long": token + "a" * 52}
    path = f"{head}/{tokens[forged]}"
    assert browser().get(path).status_code == 404
    assert browser().post(path, ONE_CLICK).status_code == 404
    assert chosen() == set()


def test_the_link_is_good_at_its_own_business_and_while_the_portal_is_on(
    acme: Customer, clock: Clock, postbox: Postbox, react: React
) -> None:
    path = unsubscribe_path(reminded(acme, clock, react, postbox))
    change_portal_settings(acme.business, {"portal_enabled": False}, by=OPERATOR)
    assert browser().post(path, ONE_CLICK).status_code == 404
    assert chosen() == set()


def test_what_is_switched_off_is_not_mailed_and_the_log_says_why(
    acme: Customer, clock: Clock, postbox: Postbox, react: React
) -> None:
    mail = reminded(acme, clock, react, postbox)
    browser().post(unsubscribe_path(mail), ONE_CLICK)
    postbox.mails.clear()
    a_document(acme, Paper(amount="7.00", issued_on=TODAY, due_on=TODAY))
    ask_reminders()
    react()
    assert not postbox.mails
    row = Message.objects.filter(letter="reminder").order_by("-id").first()
    assert row is not None
    assert (row.state, row.error) == ("unsent", "switched off by the recipient")
    # Statements are another topic.
    mail_statement(acme, MailInput([MAIN]), end=TODAY, by=OPERATOR)
    react()
    assert postbox.the_only().subject.startswith("Your statement")


def test_invoices_are_owed_and_have_no_such_link(acme: Customer, postbox: Postbox, react: React, clock: Clock) -> None:
    for topic in ("reminders", "statements", "estimates", "messages"):
        MailOptOut.objects.create(customer=acme, email=MAIN, topic=topic)
    mail_document(a_document(acme, Paper(issued_on=TODAY)), MailInput([MAIN]), by=OPERATOR)
    react()
    mail = postbox.the_only()
    assert "List-Unsubscribe" not in mail.message
    assert not re.search("unsubscribe", mail.text + mail.html)


def test_what_staff_mail_by_hand_goes_all_the_same(acme: Customer, postbox: Postbox, react: React) -> None:
    MailOptOut.objects.create(customer=acme, email=MAIN, topic="statements")
    mail_statement(acme, MailInput([MAIN.upper()]), end=TODAY, by=OPERATOR)
    react()
    assert not postbox.mails
    mail_statement(acme, MailInput([MAIN], by_hand=True), end=TODAY, by=OPERATOR)
    react()
    postbox.the_only()
