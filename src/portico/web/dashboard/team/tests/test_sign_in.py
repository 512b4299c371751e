"""Staff sign in with an e-mail and a password, and choose among the businesses they belong to."""

from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from portico.domain.businesses.models import Business, User
from portico.web.dashboard.tests.cast import PASSWORD, a_business, a_customer, signed_in, staff_of

EMAIL = "olga@nordlicht.example"


@pytest.fixture
def olga(shop: Business) -> User:
    return staff_of(shop, EMAIL)


def _sign_in(visitor: Client, password: str = PASSWORD, email: str = EMAIL, next_url: str = "") -> Any:
    return visitor.post("/accounts/login/", {"login": email, "password": password, "next": next_url})


def test_the_right_password_opens_the_dashboard(visitor: Client, olga: User) -> None:
    assert visitor.get("/accounts/login/").status_code == 200
    answer = _sign_in(visitor, email="Olga@Nordlicht.example")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert visitor.get("/customers").status_code == 200


@pytest.mark.parametrize(("email", "password"), [(EMAIL, "wrong"), ("nobody@nordlicht.example", PASSWORD), ("", "")])
def test_anything_else_does_not(visitor: Client, olga: User, email: str, password: str) -> None:
    answer = _sign_in(visitor, password, email)
    assert answer.status_code == 422
    assert "po-error" in answer.content.decode()
    assert visitor.get("/customers").status_code == 302


def test_known_and_unknown_addresses_read_the_same(visitor: Client, olga: User) -> None:
    said = [
        _sign_in(visitor, "wrong", email).content.decode().partition("po-errors")[2].partition("</div>")[0]
        for email in (EMAIL, "nobody@nordlicht.example")
    ]
    assert said[0] == said[1] != ""


def test_guessing_comes_to_an_end(visitor: Client, olga: User) -> None:
    for _ in range(5):
        _sign_in(visitor, "wrong")
    answer = _sign_in(visitor)
    assert answer.status_code in (422, 429)
    assert visitor.get("/customers").status_code == 302


def test_many_tries_from_one_address_are_answered_429(visitor: Client, olga: User) -> None:
    statuses = {_sign_in(visitor, "wrong", f"x{number}@nordlicht.example").status_code for number in range(40)}
    assert 429 in statuses
    assert "Too many tries" in _sign_in(visitor).content.decode()


@pytest.mark.parametrize(
    ("next_url", "location"),
    [
        ("/settings/portal?x=1", "/settings/portal?x=1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("@evil.example", "/"),
    ],
)
def test_one_goes_on_to_a_page_of_this_host_only(visitor: Client, olga: User, next_url: str, location: str) -> None:
    assert _sign_in(visitor, next_url=next_url)["Location"] == location


def test_a_session_lasts_twelve_hours(visitor: Client, olga: User) -> None:
    _sign_in(visitor)
    assert visitor.session.get_expiry_age() == 12 * 60 * 60


def test_signing_out_needs_a_post(olga: User) -> None:
    client = signed_in(olga)
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/customers").status_code == 200
    answer = client.post("/accounts/logout/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")
    assert "storage" in answer["Clear-Site-Data"]
    assert client.get("/customers").status_code == 302


def test_nobody_signs_up(visitor: Client, db: None) -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert visitor.get("/accounts/signup/").status_code == 404


def test_a_password_is_changed_by_whoever_knows_it(olga: User, visitor: Client) -> None:
    client, other = signed_in(olga), signed_in(olga)
    new = {"password1": "another long one", "password2": "another long one"}
    refused = client.post("/accounts/password/change/", {"oldpassword": "wrong", **new})
    assert refused.status_code == 422
    olga.refresh_from_db()
    assert olga.check_password(PASSWORD)
    answer = client.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new})
    assert answer.status_code == 302
    olga.refresh_from_db()
    assert olga.check_password("another long one")
    assert "Your password is changed" in client.get("/customers").content.decode()
    assert other.get("/customers").status_code == 302


@pytest.mark.parametrize("password", ["short", "password1234"])
def test_a_poor_password_is_refused(olga: User, password: str) -> None:
    form = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert signed_in(olga).post("/accounts/password/change/", form).status_code == 422
    olga.refresh_from_db()
    assert olga.check_password(PASSWORD)


def test_an_account_without_a_business_reads_why(db: None) -> None:
    user = User.objects.create_user("lost@nowhere.example", PASSWORD)
    answer = signed_in(user).get("/customers")
    assert answer.status_code == 403
    assert "lost@nowhere.example" in answer.content.decode()


def test_staff_of_two_businesses_choose_one_and_switch(olga: User, shop: Business) -> None:
    other = a_business("hafen")
    staff_of(other, EMAIL)
    a_customer(shop, "Of the shop")
    a_customer(other, "Of the harbour")
    client = signed_in(olga)
    answer = client.get("/customers?q=of")
    assert answer["Location"] == "/businesses?next=%2Fcustomers%3Fq%3Dof"
    assert client.get("/businesses").status_code == 200
    answer = client.post("/businesses", {"business": other.public_id, "next": "/customers?q=of"})
    assert answer["Location"] == "/customers?q=of"
    page = client.get("/customers").content.decode()
    assert "Of the harbour" in page
    assert "Of the shop" not in page
    client.post("/businesses", {"business": shop.public_id, "next": "https://evil.example/"})
    assert "Of the shop" in client.get("/customers").content.decode()


def test_nobody_chooses_a_business_of_others(olga: User) -> None:
    foreign = a_business("fremd")
    client = signed_in(olga)
    assert client.post("/businesses", {"business": foreign.public_id}).status_code == 404
    assert "Nordlicht" in client.get("/customers").content.decode()


def test_who_leaves_a_business_is_out_at_once(olga: User) -> None:
    client = signed_in(olga)
    assert client.get("/customers").status_code == 200
    olga.memberships.all().delete()
    assert client.get("/customers").status_code == 403


def test_an_unknown_address_is_said_in_the_reader_s_language(visitor: Client, db: None) -> None:
    answer = visitor.get("/nowhere", headers={"accept-language": "de"})
    assert answer.status_code == 404
    assert '<html lang="de"' in answer.content.decode()


@pytest.mark.parametrize(
    ("accepted", "language"), [("de-DE,de;q=0.9", "de"), ("ar", "ar"), ("pt-br,en", "pt-BR"), ("tlh", "en")]
)
def test_pages_speak_the_browser_s_language(olga: User, accepted: str, language: str) -> None:
    page = signed_in(olga).get("/customers", headers={"accept-language": accepted}).content.decode()
    assert f'<html lang="{language}"' in page
