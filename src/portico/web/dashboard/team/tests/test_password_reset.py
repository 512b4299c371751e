"""A forgotten password: the answer tells nobody's address, the link works once, and every session ends."""

import re
from typing import Any

import pytest
from django.test import Client

from conftest import Clock, React
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business, User
from portico.web.dashboard.tests.cast import PASSWORD, signed_in, staff_of
from tests.postbox import Postbox

ASK = "/accounts/password/reset/"
EMAIL = "olga@nordlicht.example"
NEW = {"password1": "an entirely new one", "password2": "an entirely new one"}


@pytest.fixture
def olga(shop: Business) -> User:
    return staff_of(shop, EMAIL)


@pytest.fixture
def ask(visitor: Client, olga: User, postbox: Postbox, react: React) -> Any:
    """Ask for a password, and return the address of the newest mail's link."""

    def asked(email: str = EMAIL) -> str:
        visitor.post(ASK, {"email": email})
        react()
        found = re.search(r"http://testserver(/accounts/\S+/)", postbox.mails[-1].text)
        assert found
        return found[1]

    return asked


def test_the_link_sets_a_password_once_and_ends_every_session(ask: Any, visitor: Client, olga: User) -> None:
    client = signed_in(olga)
    path = ask("Olga@Nordlicht.example")
    assert visitor.get(path).status_code == 200
    assert client.get("/customers").status_code == 200
    assert "Your password is changed" in visitor.post(path, NEW).content.decode()
    assert client.get("/customers").status_code == 302
    olga.refresh_from_db()
    assert olga.check_password("an entirely new one")
    assert visitor.get("/customers").status_code == 302, "the link signs nobody in"
    assert visitor.post(path, {"password1": "once more please", "password2": "once more please"}).status_code == 410
    olga.refresh_from_db()
    assert olga.check_password("an entirely new one")
    assert Activity.objects.get(verb="staff.password_changed").data["email"] == EMAIL


def test_known_and_unknown_addresses_are_answered_alike(
    visitor: Client, olga: User, postbox: Postbox, react: React
) -> None:
    known, unknown = (visitor.post(ASK, {"email": email}) for email in (EMAIL, "nobody@nordlicht.example"))
    texts = [answer.content.decode() for answer in (known, unknown)]
    nonce = re.compile(r'nonce="[^"]+"')
    plain = [nonce.sub("", text).replace(EMAIL, "x").replace("nobody@nordlicht.example", "x") for text in texts]
    assert (known.status_code, plain[0]) == (unknown.status_code, plain[1])
    react()
    assert [mail.recipients for mail in postbox.mails] == [[EMAIL]]


def test_it_ends_after_an_hour_and_with_a_newer_one(ask: Any, visitor: Client, olga: User, clock: Clock) -> None:
    first = ask()
    clock.advance(minutes=61)
    assert "Its time is over" in visitor.get(first).content.decode()
    assert visitor.post(first, NEW).status_code == 410
    second, third = ask(), ask()
    assert visitor.post(third, NEW).status_code == 200
    assert visitor.post(second, NEW).status_code == 410
    olga.refresh_from_db()
    assert olga.check_password("an entirely new one")


def test_poor_passwords_are_refused_and_the_link_stays(ask: Any, visitor: Client, olga: User) -> None:
    path = ask()
    for pair in (("short", "short"), ("password1234", "password1234"), ("an entirely new one", "another")):
        answer = visitor.post(path, dict(zip(("password1", "password2"), pair, strict=True)))
        assert answer.status_code == 422
    olga.refresh_from_db()
    assert olga.check_password(PASSWORD)
    assert visitor.get(path).status_code == 200


def test_mails_to_one_address_come_to_an_end_unseen(
    visitor: Client, olga: User, postbox: Postbox, react: React
) -> None:
    answers = {visitor.post(ASK, {"email": EMAIL}).status_code for _ in range(8)}
    react()
    assert answers == {200}
    assert len(postbox.mails) == 5


@pytest.mark.parametrize("email", ["", "x", "a b@c"])
def test_no_address_is_said_at_the_field(visitor: Client, db: None, email: str) -> None:
    assert visitor.post(ASK, {"email": email}).status_code == 422


def test_unknown_links_open_nothing(visitor: Client, db: None) -> None:
    for path in ("password/reset", "invitation"):
        answer = visitor.get(f"/accounts/{path}/stl_unknown/")
        assert answer.status_code == 410
        assert "This link no longer works" in answer.content.decode()
