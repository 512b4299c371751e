"""Staff see every link of a customer with its uses and every open session, and end what has to end."""

from datetime import timedelta

import pytest
from django.test import Client

from conftest import Clock
from portico.domain.access.links.actions.create_grant import new_grant
from portico.domain.access.links.actions.make_portal_link import api_portal_url, generate_portal_link
from portico.domain.access.models import Grant, PortalSession, Purpose
from portico.domain.access.sign_in.actions.change_customer import remove_contact
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.actions.link import document_link
from portico.domain.documents.models import Document
from portico.domain.ledger.tests.history import pay
from portico.lib.l10n import apart
from portico.web.dashboard.tests.cast import a_customer

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def path(customer: Customer) -> str:
    return f"/customers/{customer.public_id}/access"


def rows(html: str) -> list[str]:
    return [row.partition("</tr>")[0] for row in html.split('<tr role="row">')[1:] if "<td" in row]


def open_link(secret: str) -> Client:
    client = Client(headers={"host": "testserver", "user-agent": FIREFOX})
    assert client.get(f"/portal/nordlicht/s/{secret}").status_code == 303
    return client


def test_every_kind_of_link_is_listed_with_its_uses(owner: Client, acme: Customer, invoice: Document) -> None:
    open_link(generate_portal_link(acme, by=OPERATOR)[1])
    api_portal_url(acme, by=OPERATOR)
    link = document_link(invoice, by=OPERATOR)
    assert link is not None
    html = owner.get(path(acme)).content.decode()
    found = rows(html.partition('id="results"')[2])
    assert len(found) == 3
    document, program, portal = found
    assert "Document link" in document
    assert invoice.number in document
    assert "Link from the API" in program
    assert "Never" in program
    assert "Portal link" in portal
    assert "1 use" in portal
    assert all("Active" in row and "Command line" in row and "Revoke" in row for row in found)
    assert link[1] not in html
    timeline = owner.get(f"/customers/{acme.public_id}/timeline").content.decode()
    assert all(kind in timeline for kind in ("Document link", "Link from the API", "Portal link"))
    assert f'href="{path(acme)}"' in owner.get(f"/customers/{acme.public_id}").content.decode()


def test_the_timeline_says_from_where_a_customer_came(owner: Client, acme: Customer) -> None:
    client = open_link(generate_portal_link(acme, by=OPERATOR)[1])
    client.post("/portal/nordlicht/sign-out")
    html = owner.get(f"/customers/{acme.public_id}/timeline").content.decode()
    gone, came, made = (part.partition("</li>")[0] for part in html.partition("po-moments")[2].split("<li>")[1:4])
    assert "Opened the portal by link" in came
    assert f"<bdi>Portal link</bdi> · {apart('Firefox on Linux')} · {apart('127.0.0.*')}" in came
    assert "Signed out of the portal" in gone
    assert apart("127.0.0.*") in gone
    assert "Link generated" in made
    assert "127.0" not in made
    assert "127.0.0.1" not in html


def test_a_link_to_what_is_long_paid_reads_expired(
    owner: Client, acme: Customer, invoice: Document, frozen: Clock
) -> None:
    document_link(invoice, by=OPERATOR)
    pay(acme, invoice.open_amount, invoice.business.today(), Share(invoice, invoice.open_amount))
    frozen.advance(days=92)
    # Signing in anew: the staff's own session is over by then.
    owner.force_login(invoice.business.memberships.get().user)
    [row] = rows(owner.get(path(acme)).content.decode().partition('id="results"')[2])
    assert "Expired" in row
    assert "Revoke" not in row


def test_the_link_of_a_removed_contact_stays_to_be_seen(owner: Client, acme: Customer, frozen: Clock) -> None:
    ada, ends = acme.contacts.get(), frozen.now() + timedelta(days=1)
    _grant, secret = new_grant(acme, Purpose.MAGIC_LINK, ends, by=OPERATOR, contact=ada)
    open_link(secret)
    remove_contact(ada, by=OPERATOR)
    html = owner.get(path(acme)).content.decode()
    [row] = rows(html.partition('id="results"')[2])
    assert "1 use" in row
    assert "Revoked" in row
    assert 'name="revoke"' not in row
    assert 'name="end"' not in html, "and nobody is in by it"


def test_a_link_is_revoked_after_a_question(owner: Client, acme: Customer) -> None:
    grant, secret = generate_portal_link(acme, by=OPERATOR)
    client = open_link(secret)
    question = owner.post(path(acme), {"revoke": grant.public_id})
    assert 'name="confirmed" value="yes"' in question.content.decode()
    assert client.get("/portal/nordlicht/").status_code == 200
    owner.post(path(acme), {"revoke": grant.public_id, "confirmed": "yes"})
    assert client.get("/portal/nordlicht/").status_code == 403
    grant.refresh_from_db()
    assert grant.state == "revoked"


def test_a_session_is_seen_and_ended(owner: Client, acme: Customer) -> None:
    _, secret = generate_portal_link(acme, by=OPERATOR)
    client, other = open_link(secret), open_link(secret)
    session = PortalSession.objects.order_by("id")[0]
    html = owner.get(path(acme)).content.decode().partition('id="results"')[0]
    assert html.count("Firefox on Linux</bdi>") == 2
    assert "127.0.0.*" in html
    answer = owner.post(path(acme), {"end": session.public_id}, follow=True).content.decode()
    assert "The session has ended." in answer
    assert client.get("/portal/nordlicht/").status_code == 403
    assert other.get("/portal/nordlicht/").status_code == 200
    assert Activity.objects.get(verb="session.ended").actor_kind == "staff"
    assert Grant.objects.get().state == "active"


@pytest.mark.parametrize("field", ["revoke", "end"])
def test_what_belongs_to_another_customer_is_not_ended_here(
    owner: Client, shop: Business, acme: Customer, field: str
) -> None:
    grant, secret = generate_portal_link(a_customer(shop, "Other Ltd"), by=OPERATOR)
    client = open_link(secret)
    names = {"revoke": grant.public_id, "end": PortalSession.objects.get().public_id}
    before = Activity.objects.count()
    for name in (names[field], "grant_x", "", "sess_x"):
        assert owner.post(path(acme), {field: name, "confirmed": "yes"}).status_code == 404
    assert client.get("/portal/nordlicht/").status_code == 200
    assert Activity.objects.count() == before


def test_without_links_and_sessions_it_says_so(owner: Client, acme: Customer) -> None:
    html = owner.get(path(acme)).content.decode()
    assert "Nobody is signed in." in html
    assert "No links yet" in html
