"""Staff follow conversations, and are told at once, once a day or not at all."""

from datetime import timedelta

import pytest
from django.test import Client

from conftest import Clock, React
from portico.domain.activity.actor import Actor
from portico.domain.businesses.models import Business, Membership, User
from portico.domain.conversations.actions.ask_digests import ask_digests
from portico.domain.conversations.actions.change_comment import remove_comment
from portico.domain.conversations.models import Conversation, Follower
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.web.dashboard.inbox.tests.test_inbox import ask, html, page_of
from portico.web.dashboard.tests.cast import a_business, a_customer, a_document, signed_in, staff_of
from tests.postbox import Postbox

OLGA, KIM, LEO = "olga@nordlicht.example", "kim@nordlicht.example", "leo@nordlicht.example"


@pytest.fixture
def shop(db: None, clock: Clock) -> Business:
    return a_business("nordlicht")


@pytest.fixture
def acme(shop: Business) -> Customer:
    return a_customer(shop)


@pytest.fixture
def invoice(acme: Customer) -> Document:
    return a_document(acme)


@pytest.fixture
def staff(shop: Business) -> dict[str, Client]:
    """Three of the staff, each with a browser."""
    return {email: signed_in(staff_of(shop, email)) for email in (OLGA, KIM, LEO)}


def told(postbox: Postbox, react: React) -> list[str]:
    """Who gets mail of what has happened."""
    postbox.mails.clear()
    react()
    return sorted(mail.recipients[0] for mail in postbox.mails if mail.recipients[0].endswith("@nordlicht.example"))


def test_followers_are_told_beside_the_assignee(
    staff: dict[str, Client], acme: Customer, invoice: Document, postbox: Postbox, react: React
) -> None:
    kim = User.objects.get(email=KIM)
    page = page_of(invoice)
    staff[LEO].post(page, {"do": "follow"})
    assert Conversation.objects.get().state == "resolved", "nobody has to look at what has not begun"
    assert "Followed by" in html(staff[OLGA], page)
    staff[OLGA].post(page, {"do": "assign", "assignee": kim.public_id})
    ask(acme, invoice)
    assert told(postbox, react) == [KIM, LEO]
    staff[LEO].post(page, {"do": "unfollow"})
    ask(acme, invoice, "Second")
    assert told(postbox, react) == [KIM]
    staff[LEO].post("/inbox/alerts", {"alerts": "none"})
    staff[LEO].post(page, {"do": "follow"})
    ask(acme, invoice, "Third")
    assert told(postbox, react) == [KIM], "who wants no mail gets none"


def test_who_answers_follows_by_itself_and_who_stops_is_left_alone(
    staff: dict[str, Client], acme: Customer, invoice: Document, postbox: Postbox, react: React
) -> None:
    kim = User.objects.get(email=KIM)
    ask(acme, invoice)
    assert told(postbox, react) == [KIM, LEO, OLGA]
    staff[LEO].post(page_of(invoice), {"do": "note", "body": "Between us"})
    assert not Follower.objects.exists(), "a note is no answer"
    staff[OLGA].post(page_of(invoice), {"do": "answer", "body": "In line 2."})
    staff[OLGA].post(page_of(invoice), {"do": "assign", "assignee": kim.public_id})
    ask(acme, invoice, "Thank you")
    assert told(postbox, react) == [KIM, OLGA]
    staff[OLGA].post(page_of(invoice), {"do": "unfollow"})
    staff[OLGA].post(page_of(invoice), {"do": "answer", "body": "Welcome."})
    ask(acme, invoice, "One more")
    assert told(postbox, react) == [KIM], "she stays out, though she answers"
    staff[OLGA].post(page_of(invoice), {"do": "assign", "assignee": ""})
    ask(acme, invoice, "And now")
    assert told(postbox, react) == [KIM, LEO], "nor is she told of what is nobody's"


def test_a_stranger_follows_nothing(staff: dict[str, Client], invoice: Document) -> None:
    stranger = signed_in(staff_of(a_business("other"), "s@other.example"))
    assert stranger.post(page_of(invoice), {"do": "follow"}).status_code == 404
    assert not Follower.objects.exists()
    assert not Conversation.objects.exists()


def test_a_digest_once_a_day_names_what_still_waits(
    staff: dict[str, Client], shop: Business, acme: Customer, invoice: Document, postbox: Postbox, react: React,
    clock: Clock,
) -> None:  # fmt: skip
    Membership.objects.filter(user__email__in=[KIM, LEO]).update(comment_alerts="none")
    assert staff[OLGA].post("/inbox/alerts", {"alerts": "all", "when": "daily"}).status_code == 302
    assert 'value="daily" selected' in html(staff[OLGA], "/inbox/alerts")
    other = a_document(acme)
    clock.advance(minutes=1)
    ask(acme, invoice, "Is the discount in?")
    removed = ask(acme, None, "Never mind")
    remove_comment(removed, author_id=removed.author_id, by=_customer(acme))
    ask(acme, other, "Settled by then")
    assert told(postbox, react) == [], "not at once"
    staff[KIM].post(page_of(other), {"do": "resolve"})
    assert ask_digests() == 0, "not on the same day"
    clock.set("2026-11-21T06:30:00")
    assert ask_digests() == 0, "not before eight in the morning, where the business is"
    clock.set("2026-11-21T07:30:00")
    assert [ask_digests(), ask_digests()] == [1, 0]
    react()
    mail = postbox.the_only()
    assert (mail.recipients, mail.subject) == ([OLGA], "1 message waits for an answer")
    assert "Is the discount in?" in mail.text
    assert invoice.number in mail.text
    assert "Settled" not in mail.text
    assert "Never mind" not in mail.text
    clock.advance(days=1)
    assert ask_digests() == 0, "nothing was said since"


def test_a_digest_is_not_mailed_when_all_was_seen_to_meanwhile(
    staff: dict[str, Client], acme: Customer, invoice: Document, postbox: Postbox, react: React, clock: Clock
) -> None:
    staff[OLGA].post("/inbox/alerts", {"alerts": "all", "when": "daily"})
    clock.advance(minutes=1)
    ask(acme, invoice)
    react()
    clock.instant += timedelta(days=1)
    assert ask_digests() == 1
    staff[KIM].post(page_of(invoice), {"do": "resolve"})
    assert told(postbox, react) == []


def _customer(acme: Customer) -> Actor:
    return Actor("customer", acme.public_id, acme.name)
