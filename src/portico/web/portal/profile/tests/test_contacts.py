"""Contacts in the customer's own hand: people with an address on file may sign in, and nobody else any more."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from conftest import Clock
from portico.domain.access.links.actions.create_grant import new_grant
from portico.domain.access.models import EmailVerification, Grant, PortalSession, Purpose
from portico.domain.access.programs.actions.create_api_key import create_api_key
from portico.domain.access.sessions.actions.open import open_session
from portico.domain.access.viewer import ClientInfo
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.customers.models import Contact, Customer
from portico.web.portal.conftest import Visitor
from portico.web.portal.core.gate import cookie_name

pytestmark = pytest.mark.django_db

HOME = "/portal/nordlicht/"
EVA = {"name": "Eva Klein", "role": "Payables", "email": "eva@acme.example", "phone": "030 5"}
WITHDRAWN = "has withdrawn this link"
LATER = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def eva(acme: Customer) -> Contact:
    acme.external_id, acme.email = "acme", "ap@acme.example"
    acme.save()
    return Contact.objects.create(customer=acme, **EVA)


def proved(customer: Customer, email: str, contact: Contact | None = None) -> Client:
    """A browser that came in by proving an address."""
    grant, _ = new_grant(customer, Purpose.SIGN_IN_MAIL, LATER, by=OPERATOR, email=email, contact=contact, max_uses=1)
    _session, token = open_session(grant, ClientInfo("testserver"), email=email)
    client = Client(headers={"host": "testserver"})
    client.cookies[cookie_name("nordlicht")] = token
    return client


def is_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


def opened(secret: str) -> str:
    """The page that a link answers with; empty when it lets in."""
    return str(Client(headers={"host": "testserver"}).get(f"{HOME}s/{secret}").content.decode())


def withdrawn(secret: str) -> bool:
    """Whether a link's page says so, offers no other, and none is mailed on request either."""
    html = opened(secret)
    before = Activity.objects.count(), EmailVerification.objects.count(), Grant.objects.count()
    Client(headers={"host": "testserver"}).post(f"{HOME}s/{secret}/fresh")
    assert (Activity.objects.count(), EmailVerification.objects.count(), Grant.objects.count()) == before
    return WITHDRAWN in html and "/fresh" not in html and "•••" not in html


def seen(visitor: Visitor, contact: Contact) -> str:
    found = re.search(r'name="seen" value="(\w{32})"', visitor.page("edit_contact", contact.public_id))
    assert found
    return found[1]


def test_a_contact_is_added_after_the_others(visitor: Visitor, eva: Contact) -> None:
    answer = visitor.post(visitor.url("add_contact"), name="Udo", email="udo@acme.example")
    assert (answer.status_code, answer["Location"]) == (303, visitor.url("billing_details") + "?saved=notified")
    assert [row.name for row in eva.customer.contacts.all()] == ["Eva Klein", "Udo"]
    event = Activity.objects.get(verb="contact.added")
    assert event.actor_label == "Acme GmbH"
    assert event.data["after"] == {"name": "Udo", "email": "udo@acme.example"}
    html = visitor.page("billing_details", query="?saved=notified")
    assert "The contact is saved. We tell the account’s main address by mail." in html
    assert "udo@acme.example" in html.replace("<wbr>", "")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": " ", "email": "udo@acme.example"}, "Please fill this in."),
        ({"name": "Udo", "email": "udo@acme"}, "This is not an e-mail address"),
    ],
)
def test_a_wrong_contact_is_refused_with_what_was_typed(
    visitor: Visitor, eva: Contact, typed: dict[str, str], said: str
) -> None:
    answer = visitor.post(visitor.url("add_contact"), **typed, role="Accounts")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert said in html
    assert 'value="Accounts"' in html
    assert "data-focus" in html
    assert Contact.objects.count() == 1
    assert not Activity.objects.filter(verb="contact.added").exists()


def test_there_is_an_end_to_contacts(visitor: Visitor, acme: Customer) -> None:
    Contact.objects.bulk_create(Contact(customer=acme, name=f"N{number}") for number in range(100))
    answer = visitor.post(visitor.url("add_contact"), name="Udo")
    assert answer.status_code == 422
    assert "There are too many contacts already." in answer.content.decode()
    assert acme.contacts.count() == 100


def test_another_address_ends_the_sessions_by_the_former_one_and_no_others(visitor: Visitor, eva: Contact) -> None:
    as_eva, as_main = proved(eva.customer, "Eva@acme.example", eva), proved(eva.customer, "ap@acme.example")
    assert is_in(as_eva)
    url = visitor.url("edit_contact", eva.public_id)
    assert visitor.post(url, seen=seen(visitor, eva), phone="030 6").status_code == 303
    assert is_in(as_eva), "another phone number signs nobody out"
    assert visitor.post(url, seen=seen(visitor, eva), email="e.klein@acme.example").status_code == 303
    assert not is_in(as_eva)
    assert is_in(as_main)
    assert is_in(visitor.client)
    event = Activity.objects.filter(verb="contact.updated").latest("id")
    assert event.data["before"] == {"email": "eva@acme.example"}
    assert event.data["after"] == {"email": "e.klein@acme.example"}


def test_another_address_of_a_contact_ends_sessions_as_that_contact_though_it_stays_on_file(
    visitor: Visitor, eva: Contact
) -> None:
    Contact.objects.create(customer=eva.customer, name="Shared", email="eva@acme.example", position=1)
    as_eva = proved(eva.customer, "eva@acme.example", eva)
    url = visitor.url("edit_contact", eva.public_id)
    visitor.post(url, seen=seen(visitor, eva), email="e.klein@acme.example")
    assert not is_in(as_eva)


def test_removing_asks_first_and_ends_sessions_and_links(visitor: Visitor, eva: Contact) -> None:
    as_eva, by_address = proved(eva.customer, "eva@acme.example", eva), proved(eva.customer, "eva@acme.example")
    _grant, secret = new_grant(eva.customer, Purpose.MAGIC_LINK, LATER, by=OPERATOR, contact=eva)
    url = visitor.url("remove_contact", eva.public_id)
    assert "Remove Eva Klein?" in visitor.page("remove_contact", eva.public_id)
    assert url in visitor.page("edit_contact", eva.public_id)
    assert Contact.objects.exists()
    answer = visitor.post(url)
    assert (answer.status_code, answer["Location"]) == (303, visitor.url("billing_details") + "?saved=removed")
    assert not Contact.objects.exists()
    assert not is_in(as_eva)
    assert not is_in(by_address)
    assert is_in(visitor.client)
    assert withdrawn(secret)
    event = Activity.objects.get(verb="contact.removed")
    assert event.data["before"]["email"] == "eva@acme.example"
    assert visitor.post(url).status_code == 404
    assert Activity.objects.filter(verb="contact.removed").count() == 1


def test_what_a_removed_contact_had_is_withdrawn_and_stays_to_be_seen(
    visitor: Visitor, eva: Contact, clock: Clock
) -> None:
    soon = clock.now() + timedelta(minutes=20)
    kinds: dict[str, dict[str, Any]] = {
        "active": {"contact": eva},
        "expired": {"contact": eva, "expires_at": soon},
        "used_up": {"contact": eva, "max_uses": 1},
        "replaced": {"contact": eva, "revoked_at": clock.now(), "revoked_because": "replaced"},
        "not_hers": {},
    }
    links = {
        name: new_grant(eva.customer, Purpose.MAGIC_LINK, by=OPERATOR, **{"expires_at": LATER, **fields})
        for name, fields in kinds.items()
    }
    secrets = {name: secret for name, (_grant, secret) in links.items()}
    open_session(links["used_up"][0], ClientInfo("testserver"))
    client = Client(headers={"host": "testserver"})
    assert client.get(f"{HOME}s/{secrets['active']}").status_code == 303
    clock.set(soon)
    assert "This link has expired" in opened(secrets["expired"])
    assert visitor.post(visitor.url("remove_contact", eva.public_id)).status_code == 303
    assert withdrawn(secrets["active"])
    assert withdrawn(secrets["expired"])
    assert "This link has been used" in opened(secrets["used_up"])
    assert "This link has been replaced" in opened(secrets["replaced"])
    assert not opened(secrets["not_hers"]), "it lets in as before"
    response = client.get(HOME)
    assert (response.status_code, WITHDRAWN in response.content.decode()) == (403, True)
    kept = Grant.objects.get(pk=links["active"][0].pk)
    assert (kept.contact, kept.use_count, kept.state) == (None, 1, "revoked")
    assert kept.sessions.exclude(ended_at=None).count() == 1


def test_whoever_removes_themselves_is_told_that_they_leave(eva: Contact) -> None:
    as_eva = proved(eva.customer, "eva@acme.example", eva)
    url = f"{HOME}billing-details/contacts/{eva.public_id}/remove"
    assert "your own session ends too" in as_eva.get(url).content.decode()
    assert as_eva.post(url).status_code == 303
    assert not is_in(as_eva)


def test_somebody_else_changed_the_contact_meanwhile(visitor: Visitor, eva: Contact) -> None:
    read = seen(visitor, eva)
    Contact.objects.update(phone="030 99")
    answer = visitor.post(visitor.url("edit_contact", eva.public_id), seen=read, name="Eva K.", phone="030 5")
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "030 99" in html
    assert 'value="Eva K."' in html
    eva.refresh_from_db()
    assert (eva.name, eva.phone) == ("Eva Klein", "030 99")
    Contact.objects.all().delete()
    assert visitor.post(visitor.url("edit_contact", eva.public_id), seen=read, name="Eva K.").status_code == 404


def test_a_stranger_s_contact_is_not_there(stranger: Visitor, eva: Contact) -> None:
    for path in (stranger.url("edit_contact", eva.public_id), stranger.url("remove_contact", eva.public_id)):
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, name="X", seen="x").status_code == 404
    eva.refresh_from_db()
    assert eva.name == "Eva Klein"


@pytest.fixture
def send(eva: Contact) -> Callable[..., None]:
    """A program that says anew what is known of the customer."""
    _key, secret = create_api_key(eva.customer.business, "ERP", by=OPERATOR)
    program = Client(headers={"host": "testserver", "authorization": f"Bearer {secret}"})

    def upsert(**fields: object) -> None:
        body = {"external_id": "acme", **fields}
        assert program.post("/api/v1/customers", body, "application/json").status_code == 200

    return upsert


def test_a_program_that_leaves_somebody_out_ends_their_sessions_too(eva: Contact, send: Callable[..., None]) -> None:
    _grant, link = new_grant(eva.customer, Purpose.MAGIC_LINK, LATER, by=OPERATOR, contact=eva)
    as_eva, as_main = proved(eva.customer, "eva@acme.example", eva), proved(eva.customer, "ap@acme.example")
    by_address = proved(eva.customer, "eva@acme.example")
    send(contacts=[{**EVA, "phone": "1", "role": "", "email": "EVA@acme.example"}], phone="030 1")
    send(name="Acme AG", addresses=[])
    assert is_in(as_eva)
    assert is_in(as_main)
    send(contacts=[{"name": "Udo", "email": "udo@acme.example"}])
    assert not is_in(as_eva)
    assert not is_in(by_address)
    assert withdrawn(link)
    assert is_in(as_main)
    send(email="new@acme.example")
    assert not is_in(as_main)


@pytest.mark.parametrize(
    ("change", "stays"),
    [
        ({"name": "Eva Groß"}, {"by her address": True, "as Eva": False}),
        ({"email": "eva@new.example"}, {"by her address": False, "as Eva": False}),
    ],
)
def test_to_a_program_a_contact_is_its_name_and_address(
    visitor: Visitor, eva: Contact, send: Callable[..., None], change: dict[str, str], stays: dict[str, bool]
) -> None:
    _grant, link = new_grant(eva.customer, Purpose.MAGIC_LINK, LATER, by=OPERATOR, contact=eva)
    sessions = {
        "by her address": proved(eva.customer, "eva@acme.example"),
        "as Eva": proved(eva.customer, "eva@acme.example", eva),
    }
    send(contacts=[EVA | change])
    assert {name: is_in(client) for name, client in sessions.items()} == stays
    assert withdrawn(link)
    assert is_in(visitor.client), "a link to the account proves no address"


def test_a_program_that_empties_contacts_and_address_leaves_links_to_the_account_alone(
    visitor: Visitor, eva: Contact, send: Callable[..., None]
) -> None:
    as_eva, as_main = proved(eva.customer, "eva@acme.example", eva), proved(eva.customer, "ap@acme.example")
    send(contacts=None, email=None)
    assert not eva.customer.contacts.exists()
    assert (is_in(as_eva), is_in(as_main), is_in(visitor.client)) == (False, False, True)


def test_a_session_that_proved_nothing_stays(visitor: Visitor, eva: Contact) -> None:
    upsert_customer(eva.customer.business, CustomerInput("acme", email="new@acme.example"), by=OPERATOR)
    visitor.post(visitor.url("remove_contact", eva.public_id))
    assert is_in(visitor.client)
    assert PortalSession.objects.filter(ended_at=None).count() == 1
