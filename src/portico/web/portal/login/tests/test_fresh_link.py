"""An expired link keeps what it pointed at: one press mails a fresh one to the address on file, and to no other."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from conftest import Clock, React
from portico.domain.access.links.actions.create_grant import new_grant
from portico.domain.access.links.actions.make_portal_link import api_portal_url, regenerate_portal_link
from portico.domain.access.links.actions.revoke import revoke
from portico.domain.access.models import EmailVerification, Grant, PortalSession, Purpose
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Contact, Customer
from portico.domain.documents.actions.link import document_link
from portico.domain.documents.models import Document
from portico.domain.ledger.tests.history import new_customer, new_document
from portico.lib.clock import now
from portico.web.portal.conftest import days_ago
from tests.postbox import Postbox

type Make = Callable[[Customer], tuple[Grant, str]]

HOME = "/portal/nordlicht/"
MASKED = "a•••@acme.example"


def browser() -> Client:
    return Client(headers={"host": "testserver"})


@pytest.fixture(autouse=True)
def on_file(acme: Customer) -> None:
    acme.email = "anna@acme.example"
    acme.save(update_fields=["email"])


@pytest.fixture
def invoice(acme: Customer) -> Document:
    return new_document(acme, 10_000, on=days_ago(10), number="INV-7")


def press(secret: str, client: Client | None = None, query: str = "") -> Any:
    """Open a link that has expired and press its button, as a browser does."""
    client = client or browser()
    response = client.get(f"{HOME}s/{secret}{query}")
    assert response.status_code == 403
    [action] = re.findall(r'action="([^"]+/fresh[^"]*)"', response.content.decode())
    return sent(client, action)


def sent(client: Client, action: str) -> Any:
    """Send the form and return the page that answers it, once it is clear that its address says nothing more."""
    response = client.post(action)
    assert (response.status_code, response.headers["Location"]) == (303, action.partition("?")[0])
    return client.get(action)


def link_in(postbox: Postbox) -> str:
    """The path of the link in the last mail."""
    found = re.search(r"http://testserver(\S+)", postbox.mails[-1].text)
    assert found is not None
    return found[1]


def test_an_expired_portal_link_is_followed_by_another(
    acme: Customer, clock: Clock, postbox: Postbox, react: React
) -> None:
    _, secret = regenerate_portal_link(acme, by=OPERATOR)
    clock.advance(days=31)
    client = browser()
    html = client.get(f"{HOME}s/{secret}").content.decode()
    assert "This link has expired" in html
    assert MASKED in html
    assert "anna@" not in html
    assert Activity.objects.filter(verb="link.renewal_asked").count() == 0, "looking asks nothing"
    answer = press(secret, client)
    assert answer.status_code == 200
    assert "Check your mail" in answer.content.decode()
    assert MASKED not in answer.content.decode()
    react()
    mail = postbox.the_only()
    assert mail.recipients == ["anna@acme.example"]
    fresh = link_in(postbox)
    assert "/s/pl_" in fresh
    assert browser().get(fresh).headers["Location"] == HOME
    assert Grant.objects.get(revoked_at=None).state == "active"


def test_an_expired_document_link_is_followed_by_one_to_the_same_document(
    invoice: Document, clock: Clock, postbox: Postbox, react: React
) -> None:
    link = document_link(invoice, by=OPERATOR)
    assert link is not None
    clock.advance(days=365)
    press(link[1])
    react()
    assert "Invoice INV-7" in postbox.the_only().subject
    fresh = link_in(postbox)
    assert "/s/dl_" in fresh
    assert browser().get(fresh).headers["Location"] == f"{HOME}invoices/{invoice.public_id}"


def test_the_link_to_a_conversation_is_followed_by_one_to_the_same_conversation(
    invoice: Document, clock: Clock, postbox: Postbox, react: React
) -> None:
    link = document_link(invoice, by=OPERATOR)
    assert link is not None
    clock.advance(days=365)
    for page, fragment in (("conversation", "#conversation"), ("https://evil.example", "")):
        press(link[1], query=f"?page={page}")
        react()
        fresh = link_in(postbox)
        assert "evil" not in fresh
        assert browser().get(fresh).headers["Location"] == f"{HOME}invoices/{invoice.public_id}{fragment}"


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda customer: api_portal_url(customer, by=OPERATOR), ""),
        (
            lambda customer: new_grant(
                customer, Purpose.MAGIC_LINK, now() + timedelta(hours=1), by=OPERATOR, page="open_item_statement"
            ),
            "statements?type=open_item",
        ),
    ],
    ids=["a program's link", "a magic link to a page"],
)
def test_other_links_are_followed_by_a_sign_in_to_the_same_page(
    acme: Customer,
    clock: Clock,
    postbox: Postbox,
    react: React,
    make: Callable[[Customer], tuple[Grant, str]],
    path: str,
) -> None:
    _, secret = make(acme)
    clock.advance(days=2)
    press(secret)
    react()
    mail = postbox.the_only()
    assert mail.recipients == ["anna@acme.example"]
    assert not re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", mail.text), "no browser waits for a code"
    client, link = browser(), link_in(postbox)
    assert "/sign-in/ch_" in link
    assert "Continue as Acme GmbH" in client.get(link).content.decode()
    assert client.post(link).headers["Location"] == HOME + path


def test_a_portal_link_that_has_a_successor_ends_nobody_s_session(
    acme: Customer, clock: Clock, postbox: Postbox, react: React
) -> None:
    _, old = regenerate_portal_link(acme, by=OPERATOR)
    clock.advance(days=31)
    current, _ = regenerate_portal_link(acme, by=OPERATOR)
    press(old)
    react()
    assert "/sign-in/ch_" in link_in(postbox)
    current.refresh_from_db()
    assert current.state == "active"


def test_a_contact_s_link_goes_to_the_contact(acme: Customer, clock: Clock, postbox: Postbox, react: React) -> None:
    contact = Contact.objects.create(customer=acme, name="Ben", email="ben@acme.example")
    expires = now() + timedelta(hours=1)
    _, secret = new_grant(acme, Purpose.MAGIC_LINK, expires, by=OPERATOR, contact=contact)
    clock.advance(days=1)
    assert "b•••@acme.example" in browser().get(f"{HOME}s/{secret}").content.decode()
    press(secret)
    react()
    assert postbox.the_only().recipients == ["ben@acme.example"]


@pytest.mark.parametrize("reason", ["revoked", "replaced", "unknown"])
def test_what_was_taken_away_or_never_was_is_not_healed(
    acme: Customer, clock: Clock, postbox: Postbox, react: React, reason: str
) -> None:
    grant, secret = regenerate_portal_link(acme, by=OPERATOR)
    if reason == "revoked":
        revoke(grant, by=OPERATOR)
    elif reason == "replaced":
        regenerate_portal_link(acme, by=OPERATOR)
    else:
        secret = "pl_unknown"
    client = browser()
    html = client.get(f"{HOME}s/{secret}").content.decode()
    assert "/fresh" not in html
    assert "•••" not in html
    assert f'href="{HOME}sign-in"' in html
    assert "hello@nordlicht.example" in html
    answer = sent(client, f"{HOME}s/{secret}/fresh")
    assert "Check your mail" in answer.content.decode(), "the answer is the same for all"
    react()
    assert not postbox.mails
    assert not Activity.objects.filter(verb="link.renewal_asked").exists()
    assert not EmailVerification.objects.exists()


def test_without_an_address_it_says_whom_to_ask(acme: Customer, clock: Clock) -> None:
    Customer.objects.filter(pk=acme.pk).update(email="")
    _, secret = regenerate_portal_link(acme, by=OPERATOR)
    clock.advance(days=31)
    html = browser().get(f"{HOME}s/{secret}").content.decode()
    assert "/fresh" not in html
    assert "hello@nordlicht.example" in html
    browser().post(f"{HOME}s/{secret}/fresh")
    assert not Activity.objects.filter(verb="link.renewal_asked").exists()


def test_a_link_is_healed_for_a_year_and_no_longer(acme: Customer, clock: Clock) -> None:
    _, secret = regenerate_portal_link(acme, by=OPERATOR)
    clock.advance(days=30 + 364)
    assert MASKED in browser().get(f"{HOME}s/{secret}").content.decode()
    clock.advance(days=1)
    assert MASKED not in browser().get(f"{HOME}s/{secret}").content.decode()
    browser().post(f"{HOME}s/{secret}/fresh")
    assert not Activity.objects.filter(verb="link.renewal_asked").exists()


def test_a_mailbox_is_not_flooded(acme: Customer, clock: Clock, postbox: Postbox, react: React) -> None:
    links = [api_portal_url(acme, by=OPERATOR)[1] for _ in range(3)]
    clock.advance(days=1)
    answers = {press(secret).status_code for secret in links for _ in range(4)}
    assert answers == {200}
    react()
    assert len(postbox.mails) == 5, "three for each link, five for the address"
    clock.advance(hours=1, seconds=1)
    press(links[0])
    react()
    assert len(postbox.mails) == 6


def times_asked(secrets: list[str], *, networks: int = 0) -> int:
    """Press for every link and return how often a fresh one was asked for; from each of so many networks in turn."""
    before = Activity.objects.filter(verb="link.renewal_asked").count()
    for turn, secret in enumerate(secrets):
        network = f"203.0.113.{turn % networks}" if networks else "192.0.2.1"
        client = Client(headers={"host": "testserver"}, REMOTE_ADDR=network)
        assert client.post(f"{HOME}s/{secret}/fresh").status_code == 303
    return Activity.objects.filter(verb="link.renewal_asked").count() - before


def test_a_link_is_renewed_three_times_an_hour_and_no_more(acme: Customer, clock: Clock) -> None:
    first, second = (api_portal_url(acme, by=OPERATOR)[1] for _ in range(2))
    clock.advance(days=1)
    assert times_asked([first] * 4, networks=4) == 3
    assert times_asked([second]) == 1, "another link counts by itself"
    clock.advance(hours=1)
    assert times_asked([first] * 4, networks=4) == 3


def test_five_an_hour_go_to_an_address_and_no_more(acme: Customer, business: Business, clock: Clock) -> None:
    same, other = new_customer(business, "Acme Zwei"), new_customer(business, "Other")
    Customer.objects.filter(pk=same.pk).update(email="ANNA@acme.example")
    Customer.objects.filter(pk=other.pk).update(email="otto@other.example")
    links = [api_portal_url(customer, by=OPERATOR)[1] for customer in (acme, acme, acme, same, same, same, other)]
    clock.advance(days=1)
    assert times_asked(links[:6], networks=6) == 5, "whichever account, and however it is spelt"
    assert times_asked(links[6:]) == 1
    clock.advance(hours=1)
    assert times_asked(links[:6], networks=6) == 5


def test_twenty_an_hour_are_asked_for_from_a_network_and_no_more(business: Business, clock: Clock) -> None:
    links = []
    for number in range(22):
        customer = new_customer(business, f"Customer {number}")
        Customer.objects.filter(pk=customer.pk).update(email=f"{number}@example.com")
        customer.refresh_from_db()
        links.append(api_portal_url(customer, by=OPERATOR)[1])
    clock.advance(days=1)
    assert times_asked(links[:21]) == 20
    assert times_asked(links[20:], networks=2) == 2, "another network counts by itself"
    clock.advance(hours=1)
    assert times_asked(links[20:]) == 2


def test_a_portal_that_is_off_heals_nothing(acme: Customer, business: Business, clock: Clock, react: React) -> None:
    _, secret = regenerate_portal_link(acme, by=OPERATOR)
    clock.advance(days=31)
    change_portal_settings(business, {"portal_enabled": False}, by=OPERATOR)
    for method in (browser().get, browser().post):
        response = method(f"{HOME}s/{secret}/fresh")
        assert response.status_code == 404
        assert "Portal not available" in response.content.decode()
    assert not Activity.objects.filter(verb="link.renewal_asked").exists()


def test_a_portal_that_was_switched_off_since_mails_nothing(
    acme: Customer, business: Business, clock: Clock, postbox: Postbox, react: React
) -> None:
    _, secret = regenerate_portal_link(acme, by=OPERATOR)
    clock.advance(days=31)
    press(secret)
    change_portal_settings(business, {"portal_enabled": False}, by=OPERATOR)
    react()
    assert not postbox.mails
    assert Grant.objects.count() == 1


def test_a_form_from_elsewhere_heals_nothing(acme: Customer, clock: Clock) -> None:
    _, secret = regenerate_portal_link(acme, by=OPERATOR)
    clock.advance(days=31)
    strict = Client(headers={"host": "testserver"}, enforce_csrf_checks=True)
    assert strict.post(f"{HOME}s/{secret}/fresh").status_code == 403
    for method in ("get", "head", "put", "delete"):
        getattr(strict, method)(f"{HOME}s/{secret}/fresh")
    assert not Activity.objects.filter(verb="link.renewal_asked").exists()
    assert not PortalSession.objects.exists()


def test_a_refused_mail_is_tried_again_with_a_link_that_works(
    acme: Customer, clock: Clock, postbox: Postbox, react: React
) -> None:
    _, secret = regenerate_portal_link(acme, by=OPERATOR)
    clock.advance(days=31)
    press(secret)
    postbox.refuse_content = "451 4.7.1 Later"
    react()
    assert not postbox.mails
    postbox.refuse_content = ""
    clock.advance(minutes=10)
    react()
    postbox.the_only()
    assert browser().get(link_in(postbox)).status_code == 303
