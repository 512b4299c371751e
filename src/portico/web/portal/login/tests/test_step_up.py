"""Sensitive pages ask who one is, in place: a code from a mail, and on it goes."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from conftest import Clock, React
from portico.domain.access.links.actions.create_grant import new_grant
from portico.domain.access.links.actions.make_portal_link import api_portal_url
from portico.domain.access.links.actions.revoke import revoke
from portico.domain.access.models import EmailVerification, Grant, PortalSession, Purpose, Scope
from portico.domain.access.sign_in.actions.issue_secrets import issue_secrets
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Contact, Customer
from portico.domain.documents.models import Document
from portico.domain.ledger.tests.history import new_customer, new_document
from portico.web.portal.conftest import SignIn, Visitor, days_ago
from portico.web.portal.core.gate import cookie_name
from tests.postbox import Postbox

pytestmark = pytest.mark.django_db

HOME = "/portal/nordlicht/"
EMAIL = HOME + "billing-details/email"
CODE_URL, SEND_URL = f"{HOME}step-up/code?next={EMAIL}", f"{HOME}step-up?next={EMAIL}"
WRONG = "AAAA-AAAA"


@pytest.fixture
def acme(acme: Customer) -> Customer:
    acme.email = "ap@acme.example"
    acme.save()
    return acme


@pytest.fixture
def stale(acme: Customer, sign_in: SignIn, clock: Clock) -> Visitor:
    """A session to the account that has shown who it is too long ago."""
    visitor = sign_in(acme)
    clock.advance(minutes=30)
    return visitor


@pytest.fixture
def invoice(acme: Customer) -> Document:
    return new_document(acme, 10_000, on=days_ago(1))


@pytest.fixture
def narrow(acme: Customer, invoice: Document) -> Client:
    """A browser that came in by a link to one document."""
    _grant, secret = new_grant(
        acme, Purpose.DOCUMENT_LINK, datetime(2027, 1, 1, tzinfo=UTC), by=OPERATOR,
        scope=Scope.DOCUMENT, target_kind=invoice.ref.kind, target_id=invoice.id,
    )  # fmt: skip
    client = Client(headers={"host": "testserver"})
    client.get(f"{HOME}s/{secret}")
    return client


def code_of() -> str:
    """The code in the mail that was asked for last, as the worker would make it."""
    return issue_secrets(EmailVerification.objects.latest("id"))[1]


def token(client: Client) -> str:
    return client.cookies[cookie_name("nordlicht")].value


def test_a_fresh_session_is_not_asked(acme: Customer, sign_in: SignIn, clock: Clock) -> None:
    visitor = sign_in(acme)
    clock.advance(minutes=29)
    assert visitor.get(EMAIL).status_code == 200
    clock.advance(minutes=1)
    assert visitor.get(EMAIL).status_code == 403
    assert visitor.get(visitor.url("edit_details")).status_code == 200, "an address is nothing sensitive"


def test_from_a_code_back_to_the_page(stale: Visitor) -> None:
    asked = stale.get(EMAIL)
    html = asked.content.decode()
    assert "Confirm that it is you" in html
    assert "a•••@acme.example" in html
    assert f'action="{HOME}step-up?next={quote(EMAIL, safe="")}"' in html
    sent = stale.post(SEND_URL)
    assert sent.status_code == 200
    assert "a•••@acme.example" in sent.content.decode()
    verification, former = EmailVerification.objects.get(), token(stale.client)
    assert (verification.kind, verification.email) == ("step_up", "ap@acme.example")
    assert Activity.objects.filter(verb="step_up.asked").count() == 1
    answer = stale.post(CODE_URL, code=code_of().lower().replace("-", " "))
    assert (answer.status_code, answer["Location"]) == (303, EMAIL)
    assert stale.get(EMAIL).status_code == 200
    session = PortalSession.objects.get()
    assert (session.email, session.ended_at) == ("ap@acme.example", None)
    assert token(stale.client) != former
    old = Client(headers={"host": "testserver"})
    old.cookies[cookie_name("nordlicht")] = former
    assert old.get(HOME).status_code == 403
    assert Activity.objects.filter(verb="session.proved").count() == 1


def test_the_mail_has_the_code_and_nothing_else_opens_with_it(
    stale: Visitor, postbox: Postbox, react: React, acme: Customer
) -> None:
    stale.post(stale.url("language"), language="de")
    stale.post(SEND_URL)
    assert react() == 1
    mail = postbox.the_only()
    assert mail.recipients == ["ap@acme.example"]
    assert mail.subject == "Ihr Code für Nordlicht Studio"
    assert acme.name not in mail.text
    assert "http" not in mail.text
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", mail.text)
    assert found
    assert stale.post(CODE_URL, code=found[0])["Location"] == EMAIL


def test_a_wrong_code_is_said_and_counted_and_the_fifth_is_the_last(stale: Visitor) -> None:
    stale.post(SEND_URL)
    right, former = code_of(), token(stale.client)
    for _ in range(5):
        answer = stale.post(CODE_URL, code=WRONG)
        assert answer.status_code == 422
        assert "This is not the code in the mail." in answer.content.decode()
    answer = stale.post(CODE_URL, code=right)
    assert answer.status_code == 403
    assert "That code no longer works." in answer.content.decode()
    assert token(stale.client) == former
    assert stale.get(EMAIL).status_code == 403
    assert not Activity.objects.filter(verb="session.proved").exists()


def test_an_old_code_is_over_and_another_one_works(stale: Visitor, clock: Clock) -> None:
    stale.post(SEND_URL)
    right = code_of()
    clock.advance(minutes=15)
    assert stale.post(CODE_URL, code=right).status_code == 403
    stale.post(SEND_URL)
    assert stale.post(CODE_URL, code=code_of()).status_code == 303


def test_a_code_is_bound_to_the_session_that_asked(stale: Visitor, acme: Customer, clock: Clock) -> None:
    other = Client(headers={"host": "testserver"})
    other.get(f"{HOME}s/{api_portal_url(acme, by=OPERATOR)[1]}")
    clock.advance(minutes=30)
    stale.post(SEND_URL)
    assert other.post(CODE_URL, {"code": code_of()}).status_code == 200, "nothing was asked there: it is offered"
    assert other.get(EMAIL).status_code == 403


def test_no_code_is_mailed_for_a_session_that_was_put_out(stale: Visitor, postbox: Postbox, react: React) -> None:
    stale.post(SEND_URL)
    code = code_of()
    revoke(Grant.objects.get(), by=OPERATOR)
    assert react() == 1
    assert not postbox.mails
    assert stale.post(CODE_URL, code=code).status_code == 403
    assert EmailVerification.objects.get().verified_at is None
    assert not Activity.objects.filter(verb="session.proved").exists()


def test_a_form_that_had_to_wait_keeps_what_was_typed(stale: Visitor, acme: Customer) -> None:
    url = stale.url("add_contact")
    asked = stale.post(url, name="Udo <b>", email="udo@acme.example")
    assert asked.status_code == 403
    typed = _hidden(asked.content.decode(), "typed")
    send = f"{HOME}step-up?next={url}"
    sent = stale.post(send, typed=typed)
    assert _hidden(sent.content.decode(), "typed") == typed
    done = stale.post(f"{HOME}step-up/code?next={url}", typed=typed, code=code_of())
    assert done.status_code == 200
    html = done.content.decode()
    assert not Contact.objects.exists(), "it is not done behind the visitor's back"
    assert f'action="{url}"' in html
    fields = {name: _hidden(html, name) for name in ("name", "email")}
    assert stale.post(url, **fields).status_code == 303
    assert Contact.objects.get().name == "Udo <b>"


def test_nobody_else_s_form_is_carried_on(stale: Visitor) -> None:
    strict = Client(headers={"host": "testserver"}, enforce_csrf_checks=True)
    strict.cookies = stale.client.cookies
    answer = strict.post(stale.url("add_contact"), {"name": "Mallory"})
    assert answer.status_code == 403
    assert "Mallory" not in answer.content.decode()


def test_one_of_several_addresses_can_be_chosen(stale: Visitor, acme: Customer) -> None:
    eva = Contact.objects.create(customer=acme, name="Eva", email="eva@acme.example")
    Contact.objects.create(customer=acme, name="Again", email="AP@acme.example", position=1)
    html = stale.get(EMAIL).content.decode()
    assert re.findall(r'name="to" value="(\w+)"', html) == ["customer", eva.public_id]
    assert "eva@acme.example" not in html
    stale.post(SEND_URL, to=eva.public_id)
    assert EmailVerification.objects.get().email == "eva@acme.example"
    stale.post(CODE_URL, code=code_of())
    session = PortalSession.objects.get()
    assert (session.email, session.contact_id) == ("eva@acme.example", eva.pk)
    assert re.findall(r'name="to" value="(\w+)"', stale.get(SEND_URL).content.decode())[0] == eva.public_id


def test_an_address_of_somebody_else_can_not_be_chosen(stale: Visitor, stranger: Visitor) -> None:
    other = Contact.objects.create(customer=stranger.customer, name="Eve", email="eve@evil.example")
    stale.post(SEND_URL, to=other.public_id)
    assert EmailVerification.objects.get().email == "ap@acme.example"


@pytest.mark.parametrize("name", ["Aaa GmbH", "Zzz GmbH"])
def test_an_address_of_two_customers_proves_itself_for_the_session_s_own(
    narrow: Client, acme: Customer, business: Business, name: str
) -> None:
    other = new_customer(business, name)
    Customer.objects.filter(pk=other.pk).update(email=acme.email)
    narrow.post(f"{HOME}step-up?next={HOME}")
    assert narrow.post(f"{HOME}step-up/code?next={HOME}", {"code": code_of()}).status_code == 303
    assert acme.name in narrow.get(HOME).content.decode()
    assert not PortalSession.objects.exclude(customer=acme).exists()
    assert not Grant.objects.exclude(customer=acme).exists()


def test_no_code_is_mailed_while_the_portal_is_closed(
    stale: Visitor, business: Business, postbox: Postbox, react: React
) -> None:
    stale.post(SEND_URL)
    change_portal_settings(business, {"portal_enabled": False}, by=OPERATOR)
    assert react() == 1
    assert not postbox.mails
    assert EmailVerification.objects.get().code_hash == ""


def test_an_address_that_was_taken_off_file_proves_nothing(stale: Visitor, acme: Customer) -> None:
    stale.post(SEND_URL)
    Customer.objects.update(email="new@acme.example")
    assert stale.post(CODE_URL, code=code_of()).status_code == 403
    assert stale.get(EMAIL).status_code == 403


def test_without_any_address_it_says_whom_to_ask(stale: Visitor, acme: Customer) -> None:
    Customer.objects.update(email="")
    for answer in (stale.get(EMAIL), stale.post(SEND_URL)):
        html = answer.content.decode()
        assert "There is no e-mail address on file" in html
        assert "hello@nordlicht.example" in html
        assert "Send the code" not in html
    assert not EmailVerification.objects.exists()


def test_from_one_document_to_the_account(narrow: Client, acme: Customer, invoice: Document) -> None:
    former = PortalSession.objects.get()
    html = narrow.get(HOME).content.decode()
    assert "Sign in to see this" in html
    assert "a•••@acme.example" in html
    narrow.post(f"{HOME}step-up?next={HOME}statements")
    answer = narrow.post(f"{HOME}step-up/code?next={HOME}statements", {"code": code_of()})
    assert (answer.status_code, answer["Location"]) == (303, f"{HOME}statements")
    assert narrow.get(f"{HOME}statements").status_code == 200
    assert narrow.get(EMAIL).status_code == 200, "it has just been proved"
    former.refresh_from_db()
    assert former.ended_at is not None
    grant = Grant.objects.get(purpose=Purpose.SIGN_IN_MAIL)
    assert (grant.state, grant.email, grant.scope) == ("used_up", "ap@acme.example", Scope.ACCOUNT)


def test_without_the_code_a_document_stays_all_there_is(narrow: Client, invoice: Document) -> None:
    narrow.post(f"{HOME}step-up?next={HOME}")
    assert narrow.post(f"{HOME}step-up/code?next={HOME}", {"code": WRONG}).status_code == 422
    assert narrow.get(HOME).status_code == 403
    assert narrow.get(EMAIL).status_code == 403
    assert narrow.get(f"{HOME}invoices/{invoice.public_id}").status_code == 200
    assert PortalSession.objects.count() == 1


@pytest.mark.parametrize("next_", ["//evil.example", "https://evil.example/", "/accounts/login/", ""])
def test_it_leads_nowhere_but_into_this_portal(stale: Visitor, next_: str) -> None:
    stale.post(f"{HOME}step-up?next={next_}")
    assert stale.post(f"{HOME}step-up/code?next={next_}", code=code_of())["Location"] == HOME


def test_too_many_codes_are_not_sent_and_nobody_is_told(stale: Visitor, clock: Clock) -> None:
    for _ in range(8):
        assert stale.post(SEND_URL).status_code == 200
        clock.instant += timedelta(seconds=1)
    assert Activity.objects.filter(verb="step_up.asked").count() == 5


def _hidden(html: str, name: str) -> str:
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', html)
    assert found, name
    return found[1].replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
