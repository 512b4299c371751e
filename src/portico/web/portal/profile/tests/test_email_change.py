"""The account's address changes when the new one says so, and the former one can take it back."""

import re
from collections.abc import Callable
from itertools import product
from urllib.parse import urlsplit

import pytest
from django.test import Client

from conftest import Clock, React
from portico.domain.access.links.actions.create_grant import new_grant
from portico.domain.access.links.actions.create_magic_key import create_magic_key
from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.access.links.actions.revoke import revoke
from portico.domain.access.links.actions.revoke_magic_key import revoke_magic_key
from portico.domain.access.models import EmailVerification, Grant, PortalSession, Purpose
from portico.domain.access.sessions.actions.end import end_sessions
from portico.domain.access.sessions.actions.open import open_session
from portico.domain.access.sign_in.actions.change_customer import remove_contact, save_customer
from portico.domain.access.sign_in.actions.issue_secrets import issue_secrets
from portico.domain.access.viewer import ClientInfo
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import CustomerInput
from portico.domain.customers.models import Contact, Customer
from portico.output.mail.models import Message
from portico.web.portal.conftest import Visitor
from portico.web.portal.core.gate import cookie_name
from portico.web.portal.profile.tests.test_contacts import HOME, LATER, is_in, opened, proved, withdrawn
from tests.postbox import Postbox, Received

pytestmark = pytest.mark.django_db

EMAIL = HOME + "billing-details/email"
OLD, NEW = "ap@acme.example", "office@acme.example"


@pytest.fixture
def acme(acme: Customer) -> Customer:
    acme.email, acme.external_id = OLD, "acme"
    acme.save()
    return acme


def path_in(mail: Received, path: str) -> str:
    """The link in a mail, as a path."""
    found = re.search(rf"http://testserver({HOME}{path}/ch_[\w-]+)", mail.text)
    assert found
    return found[1]


def anybody(*, strict: bool = False) -> Client:
    return Client(headers={"host": "testserver"}, enforce_csrf_checks=strict)


def link() -> str:
    """The address in the mail that is sent next, as the worker would make it."""
    verification = EmailVerification.objects.latest("id")
    return f"{HOME}{'email' if verification.kind == 'email_change' else 'email-undo'}/{issue_secrets(verification)[0]}"


def address(customer: Customer) -> str:
    return Customer.objects.get(pk=customer.pk).email


def changed(visitor: Visitor, to: str = NEW) -> str:
    """Change the address, and return the link that takes it back."""
    assert visitor.post(EMAIL, email=to).status_code == 200
    assert anybody().post(link()).status_code == 200
    return link()


def test_asking_changes_nothing(visitor: Visitor, acme: Customer) -> None:
    assert f"Mail about this account goes to {OLD}." in visitor.page("change_email")
    answer = visitor.post(EMAIL, email=NEW)
    assert answer.status_code == 200
    assert "Check your mail" in answer.content.decode()
    assert NEW in answer.content.decode()
    assert address(acme) == OLD
    verification = EmailVerification.objects.get()
    assert (verification.email, verification.customer_id) == (NEW, acme.pk)
    assert Activity.objects.filter(verb="email_change.asked").count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (OLD, "This is the address on file."),
        ("office@acme", "This is not an e-mail address"),
        ("", "Please fill this in."),
        ("a@acme.example\nBcc: all@acme.example", "This is not an e-mail address"),
    ],
)
def test_a_wrong_address_is_refused(visitor: Visitor, acme: Customer, typed: str, said: str) -> None:
    answer = visitor.post(EMAIL, email=typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not EmailVerification.objects.exists()


def test_an_address_that_another_customer_has_is_answered_alike(
    visitor: Visitor, stranger: Visitor, acme: Customer
) -> None:
    Customer.objects.filter(pk=stranger.customer.pk).update(email="eve@evil.example")
    pages = [visitor.post(EMAIL, email=each).content.decode() for each in ("eve@evil.example", "abc@evil.example")]
    for page in pages:
        assert "Check your mail" in page
    assert EmailVerification.objects.count() == 2


def test_the_new_address_confirms_and_looking_does_not(visitor: Visitor, acme: Customer) -> None:
    visitor.post(EMAIL, email=NEW)
    url, reader = link(), anybody(strict=True)
    for _ in range(2):
        page = reader.get(url)
        assert page.status_code == 200
        assert "Acme GmbH" in page.content.decode()
        assert NEW in page.content.decode()
        assert OLD not in page.content.decode()
        assert page.headers["Referrer-Policy"] == "same-origin", "no other site learns the link"
        assert page.headers["Cache-Control"] == "no-store"
        assert reader.head(url).status_code == 200
        assert anybody(strict=True).post(url).status_code == 403
        assert reader.put(url).status_code == 405
    assert address(acme) == OLD
    done = anybody().post(url)
    assert done.status_code == 200
    assert "The address is changed" in done.content.decode()
    assert address(acme) == NEW
    event = Activity.objects.get(verb="email.changed")
    assert event.data == {"before": OLD, "after": NEW}
    for again in (anybody().get(url), anybody().post(url)):
        assert again.status_code == 403
        assert "This link has been used" in again.content.decode()
        assert f'href="{HOME}"' in again.content.decode()
    assert Activity.objects.filter(verb="email.changed").count() == 1


def test_both_ends_are_written_to_and_can_act(visitor: Visitor, acme: Customer, postbox: Postbox, react: React) -> None:
    visitor.post(EMAIL, email=NEW)
    assert react() == 1
    asked = postbox.mails.pop()
    assert asked.recipients == [NEW]
    assert OLD not in asked.text
    assert acme.name not in asked.text
    assert anybody().post(path_in(asked, "email")).status_code == 200
    assert react() == 1
    notice = postbox.mails.pop()
    assert notice.recipients == [OLD]
    assert "o•••@acme.example" in notice.text
    assert NEW not in notice.text
    assert anybody().post(path_in(notice, "email-undo")).status_code == 200
    assert address(acme) == OLD
    assert react() == 0
    secrets = [path_in(mail, "email(?:-undo)?").rpartition("_")[2] for mail in (asked, notice)]
    rows = repr([list(model.objects.values()) for model in (EmailVerification, Activity, Message)])
    assert not [secret for secret in secrets if secret in rows]


def test_a_mail_that_comes_too_late_is_not_sent(
    visitor: Visitor, acme: Customer, postbox: Postbox, react: React, clock: Clock
) -> None:
    visitor.post(EMAIL, email=NEW)
    clock.advance(minutes=61)
    assert react() == 1
    assert not postbox.mails


def test_the_link_is_good_for_an_hour(visitor: Visitor, acme: Customer, clock: Clock) -> None:
    visitor.post(EMAIL, email=NEW)
    url = link()
    clock.advance(minutes=60)
    answer = anybody().post(url)
    assert answer.status_code == 403
    html = answer.content.decode()
    assert "This link has expired" in html
    assert f'href="{HOME}billing-details"' in html, "where one asks again"
    assert address(acme) == OLD


def test_sessions_by_the_former_address_end_and_others_stay(visitor: Visitor, acme: Customer) -> None:
    by_old = proved(acme, OLD.upper())
    changed(visitor)
    assert not is_in(by_old)
    assert is_in(visitor.client)


def test_whoever_asked_and_confirms_in_the_same_browser_goes_on(acme: Customer) -> None:
    client, other = proved(acme, OLD), proved(acme, OLD)
    client.post(EMAIL, {"email": NEW})
    assert client.post(link()).status_code == 200
    assert is_in(client)
    assert not is_in(other)
    assert PortalSession.objects.get(ended_at=None).email == NEW


def test_somebody_else_who_confirms_proves_nothing_for_whoever_asked(acme: Customer) -> None:
    client = proved(acme, OLD)
    client.post(EMAIL, {"email": NEW})
    assert anybody().post(link()).status_code == 200
    assert not is_in(client)


def test_a_colleague_who_confirms_is_no_more_proved_than_before(visitor: Visitor, acme: Customer, clock: Clock) -> None:
    Contact.objects.create(customer=acme, name="Eva", email="eva@acme.example")
    colleague = proved(acme, "eva@acme.example")
    clock.advance(minutes=31)
    asking = proved(acme, OLD)
    asking.post(EMAIL, {"email": NEW})
    before = PortalSession.objects.filter(email="eva@acme.example").values().get()
    assert colleague.post(link()).status_code == 200
    assert address(acme) == NEW
    after = PortalSession.objects.filter(email="eva@acme.example").values().get()
    assert [after[name] for name in ("email", "proved_at")] == [before[name] for name in ("email", "proved_at")]
    assert is_in(colleague)
    assert colleague.get(EMAIL).status_code == 403, "its own proof is too old"
    assert not is_in(asking)


def test_links_written_to_an_address_end_when_another_takes_its_place(visitor: Visitor, acme: Customer) -> None:
    def written_to(email: str) -> str:
        return new_grant(acme, Purpose.MAGIC_LINK, LATER, by=OPERATOR, email=email)[1]

    to_old, to_nobody = written_to(OLD), written_to("")
    assert opened(to_old) == "", "it lets in"
    by_link = Client(headers={"host": "testserver"})
    by_link.get(f"{HOME}s/{to_old}")
    undo = changed(visitor)
    assert withdrawn(to_old)
    assert not is_in(by_link)
    to_new = written_to(NEW)
    assert opened(to_new) == ""
    by_link.get(f"{HOME}s/{to_new}")
    assert is_in(by_link)
    assert anybody().post(undo).status_code == 200
    assert withdrawn(to_new)
    assert not is_in(by_link)
    assert opened(to_nobody) == ""


def test_taking_it_back_ends_sessions_by_the_new_address_though_it_is_a_contact_s(
    visitor: Visitor, acme: Customer
) -> None:
    Contact.objects.create(customer=acme, name="Office", email=NEW)
    undo = changed(visitor)
    by_new, boss = proved(acme, NEW.upper()), proved(acme, "boss@acme.example")
    Contact.objects.create(customer=acme, name="Boss", email="boss@acme.example")
    assert is_in(by_new)
    assert anybody().post(undo).status_code == 200
    assert not is_in(by_new)
    assert is_in(boss)


def test_the_former_address_takes_it_back(visitor: Visitor, acme: Customer, clock: Clock) -> None:
    url = changed(visitor)
    clock.advance(days=6, hours=23)
    by_new = proved(acme, NEW)
    page = anybody().get(url).content.decode()
    assert "Take the change back?" in page
    assert "Acme GmbH" in page
    assert NEW not in page
    assert address(acme) == NEW
    answer = anybody().post(url)
    assert answer.status_code == 200
    assert "The former address is back" in answer.content.decode()
    assert address(acme) == OLD
    assert not is_in(by_new)
    assert Activity.objects.get(verb="email.change_undone").data == {"before": NEW, "after": OLD}
    assert anybody().post(url).status_code == 403
    assert Activity.objects.filter(verb="email.change_undone").count() == 1


def test_after_a_week_it_stays(visitor: Visitor, acme: Customer, clock: Clock) -> None:
    url = changed(visitor)
    clock.advance(days=7)
    assert anybody().post(url).status_code == 403
    assert address(acme) == NEW


def test_whoever_had_it_first_has_the_last_word(visitor: Visitor, acme: Customer) -> None:
    first = changed(visitor, "thief@evil.example")
    second = changed(visitor, "other@evil.example")
    visitor.post(EMAIL, email="third@evil.example")
    third = link()
    assert anybody().post(first).status_code == 200
    assert address(acme) == OLD
    for url in (second, third):
        assert anybody().post(url).status_code == 403
    assert address(acme) == OLD


def test_a_first_address_has_nothing_to_take_back(visitor: Visitor, acme: Customer) -> None:
    Customer.objects.update(email="")
    visitor.post(EMAIL, email=NEW)
    anybody().post(link())
    assert address(acme) == NEW
    assert EmailVerification.objects.count() == 1


def test_what_the_business_says_ends_what_was_under_way(visitor: Visitor, acme: Customer) -> None:
    undo = changed(visitor)
    visitor.post(EMAIL, email="third@acme.example")
    under_way = link()
    save_customer(acme.business, CustomerInput("acme", email="erp@acme.example"), by=OPERATOR)
    for url in (undo, under_way):
        assert anybody().post(url).status_code == 403
    assert address(acme) == "erp@acme.example"


def test_a_link_opens_only_what_it_was_made_for(visitor: Visitor, acme: Customer) -> None:
    visitor.post(EMAIL, email=NEW)
    url = urlsplit(link()).path
    wrong = url.replace("/email/", "/email-undo/")
    for path in (wrong, url.replace("/portal/nordlicht/", "/portal/nowhere/"), f"{HOME}email/ch_unknown"):
        assert anybody().post(path).status_code == 404
        assert anybody().get(path).status_code == 404
    assert address(acme) == OLD


def test_the_switch_stops_a_change_and_never_the_way_back(visitor: Visitor, acme: Customer) -> None:
    undo = changed(visitor)
    visitor.post(EMAIL, email="third@acme.example")
    under_way = link()
    Business.objects.update(allow_contact_edits=False)
    assert anybody().post(under_way).status_code == 404
    assert address(acme) == NEW
    assert anybody().post(undo).status_code == 200
    assert address(acme) == OLD


def test_a_closed_portal_does_neither(visitor: Visitor, acme: Customer) -> None:
    undo = changed(visitor)
    Business.objects.update(portal_enabled=False)
    answer = anybody().post(undo)
    assert answer.status_code == 404
    assert "Portal not available" in answer.content.decode()
    assert address(acme) == NEW


def _revoke_the_link(session: PortalSession) -> None:
    revoke(session.grant, by=OPERATOR)


def _replace_the_link(session: PortalSession) -> None:
    regenerate_portal_link(session.customer, by=OPERATOR)


def _end_the_session(session: PortalSession) -> None:
    end_sessions([session], by=OPERATOR)


def _revoke_the_key(session: PortalSession) -> None:
    key, _ = create_magic_key(session.business, by=OPERATOR)
    Grant.objects.filter(pk=session.grant_id).update(magic_key=key)
    revoke_magic_key(key, by=OPERATOR)


def _close_the_portal_for_a_while(session: PortalSession) -> None:
    for enabled in (False, True):
        change_portal_settings(session.business, {"portal_enabled": enabled}, by=OPERATOR)


@pytest.mark.parametrize(
    ("put_out", "left"),
    [
        (_end_the_session, False),
        *product((_revoke_the_link, _replace_the_link, _revoke_the_key, _close_the_portal_for_a_while), (False, True)),
    ],
)
def test_whoever_was_put_out_changes_nothing_any_more(
    visitor: Visitor,
    acme: Customer,
    clock: Clock,
    postbox: Postbox,
    react: React,
    put_out: Callable[[PortalSession], None],
    left: bool,
) -> None:
    visitor.post(EMAIL, email="thief@evil.example")
    url = link()
    clock.advance(seconds=5)
    if left:
        visitor.post(visitor.url("sign_out"))
    put_out(PortalSession.objects.get())
    clock.advance(seconds=5)
    assert not is_in(visitor.client)
    for answer in (anybody().get(url), anybody().post(url)):
        assert answer.status_code == 403
        assert "This link no longer works" in answer.content.decode()
    assert address(acme) == OLD
    assert not Activity.objects.filter(verb="email.changed").exists()
    react()
    assert not postbox.mails, "what can't be answered is not mailed"


def test_whoever_ends_all_other_sessions_ends_what_they_asked(visitor: Visitor, acme: Customer) -> None:
    thief = proved(acme, OLD)
    thief.post(EMAIL, {"email": "thief@evil.example"})
    url = link()
    visitor.post(visitor.url("end_other_sessions"))
    assert anybody().post(url).status_code == 403
    assert address(acme) == OLD


@pytest.mark.parametrize("left", [False, True], ids=["still in", "signed out"])
def test_a_removed_contact_changes_nothing_any_more(acme: Customer, left: bool) -> None:
    eva = Contact.objects.create(customer=acme, name="Eva", email="eva@acme.example")
    client = proved(acme, eva.email, eva)
    client.post(EMAIL, {"email": "eva@evil.example"})
    url = link()
    if left:
        client.post(HOME + "sign-out")
    remove_contact(eva, by=OPERATOR)
    assert anybody().post(url).status_code == 403
    assert address(acme) == OLD


def test_whoever_has_left_may_still_confirm(visitor: Visitor, acme: Customer, clock: Clock) -> None:
    visitor.post(EMAIL, email=NEW)
    url = link()
    visitor.post(visitor.url("sign_out"))
    clock.advance(minutes=59)
    assert anybody().post(url).status_code == 200
    assert address(acme) == NEW


def test_what_was_asked_before_the_change_was_taken_back_is_over_too(
    visitor: Visitor, acme: Customer, clock: Clock
) -> None:
    visitor.post(EMAIL, email="thief@evil.example")
    first = link()
    clock.advance(seconds=5)
    visitor.post(EMAIL, email="accomplice@evil.example")
    second = link()
    clock.advance(seconds=5)
    anybody().post(first)
    undo = link()
    clock.advance(seconds=5)
    assert anybody().post(undo).status_code == 200
    clock.advance(seconds=5)
    assert anybody().post(second).status_code == 403
    assert address(acme) == OLD


def test_a_later_way_back_leaves_the_first_one_open(visitor: Visitor, acme: Customer, clock: Clock) -> None:
    first = changed(visitor, "thief@evil.example")
    clock.advance(seconds=5)
    second = changed(visitor, "accomplice@evil.example")
    clock.advance(seconds=5)
    assert anybody().post(second).status_code == 200
    assert address(acme) == "thief@evil.example"
    assert anybody().post(first).status_code == 200
    assert address(acme) == OLD


def test_taking_it_back_puts_out_whoever_asked(
    visitor: Visitor, stranger: Visitor, acme: Customer, clock: Clock
) -> None:
    colleague = proved(acme, OLD)
    Contact.objects.create(customer=acme, name="Eva", email="eva@acme.example")
    contact = proved(acme, "eva@acme.example")
    url = changed(visitor)
    assert not is_in(colleague), "it was opened by the former address"
    clock.advance(minutes=5)
    asking = PortalSession.objects.filter(customer=acme).earliest("id")
    again = Client(headers={"host": "testserver"})
    _session, token = open_session(asking.grant, ClientInfo("testserver"))
    again.cookies[cookie_name("nordlicht")] = token
    assert all(is_in(client) for client in (visitor.client, again, contact, stranger.client))
    assert anybody().post(url).status_code == 200
    assert not is_in(visitor.client)
    assert not is_in(again), "they came by the same link"
    assert is_in(contact)
    assert is_in(stranger.client)
