"""Customers who sign in at their business's own site are sent there from My Account, and from nowhere else."""

import jwt
import pytest
from django.test import Client
from pytest_django import Settings

from conftest import Clock
from portico.domain.access.links.actions.create_magic_key import create_magic_key
from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.access.links.actions.revoke import revoke
from portico.domain.access.links.pages import PAGES
from portico.domain.access.models import Grant
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.actions.change_sign_in import change_sign_in
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.web.portal.conftest import Visitor

HOME = "/portal/nordlicht/"
SIGN_IN = "https://shop.example/sign-in?shop=1"
AWAY = f"{SIGN_IN}&return_to=my_account"


@pytest.fixture
def business(business: Business) -> Business:
    return change_sign_in(business, {"sign_in_url": SIGN_IN}, by=OPERATOR)


def browser(**headers: str) -> Client:
    return Client(headers={"host": "testserver", **headers})


def test_my_account_sends_whoever_is_signed_out_to_the_business(acme: Customer) -> None:
    for method in ("get", "head"):
        response = getattr(browser(), method)(HOME)
        assert (response.status_code, response.headers["Location"]) == (302, AWAY)
        assert response.headers["Cache-Control"] == "no-store"
        assert response.content == b""


@pytest.mark.parametrize(
    ("path", "page"),
    [("statements?type=balance_forward", "balance_forward_statement"),
     ("statements?type=open_item", "open_item_statement"),
     ("activity/invoices", "invoices"), ("billing-details", "update_billing_info"), ("nowhere", "my_account"),
     ("invoices/inv_01m7x256x2ft2ted7y26pjrw02", "my_account"), ("signed-out", "my_account")],
)  # fmt: skip
def test_other_pages_stay_and_offer_the_way(acme: Customer, path: str, page: str) -> None:
    response = browser().get(HOME + path)
    assert response.status_code in {200, 403}
    html = response.content.decode()
    assert f'href="https://shop.example/sign-in?shop=1&amp;return_to={page}"' in html


def test_links_are_never_sent_away(acme: Customer) -> None:
    _, secret = regenerate_portal_link(acme, by=OPERATOR)
    client = browser()
    assert client.get(f"{HOME}s/{secret}").headers["Location"] == HOME
    assert client.get(HOME).status_code == 200
    assert browser().get(f"{HOME}s/pl_unknown").status_code == 404
    revoke(Grant.objects.get(), by=OPERATOR)
    assert browser().get(f"{HOME}s/{secret}").status_code == 403


def test_whoever_comes_back_signed_out_is_not_sent_in_circles(acme: Customer, settings: Settings) -> None:
    client = browser()
    sent = client.get(HOME)
    marked = sent.cookies["portico-portal.nordlicht.stays"]
    assert (marked["max-age"], marked["httponly"], marked["samesite"]) == (120, True, "Lax")
    for _ in range(2):
        back = client.get(HOME)
        assert back.status_code == 403
        assert "Sign in at shop.example" in back.content.decode()
        assert AWAY.replace("&", "&amp;") in back.content.decode()
    client.cookies.clear()
    assert client.get(HOME).status_code == 302, "the mark lasts two minutes in the browser"


def test_whoever_leaves_on_purpose_is_not_signed_in_again_at_once(visitor: Visitor) -> None:
    response = visitor.post(visitor.url("sign_out"))
    assert response.headers["Location"] == f"{HOME}signed-out"
    assert "You have signed out" in visitor.get(response.headers["Location"]).content.decode()
    assert visitor.get(HOME).status_code == 403
    assert "Sign in at shop.example" in visitor.get(HOME).content.decode()


def test_a_part_of_a_page_is_never_another_site_s(acme: Customer) -> None:
    response = browser(**{"hx-request": "true"}).get(HOME)
    assert (response.status_code, response.headers["HX-Refresh"]) == (403, "true")


def test_the_switch_wins_and_forms_go_nowhere(acme: Customer, business: Business) -> None:
    assert browser().post(HOME).status_code == 403
    change_portal_settings(business, {"portal_enabled": False}, by=OPERATOR)
    assert browser().get(HOME).status_code == 404
    change_portal_settings(business, {"portal_enabled": True}, by=OPERATOR)
    change_sign_in(business, {"sign_in_url": ""}, by=OPERATOR)
    assert browser().get(HOME).status_code == 403


def test_there_and_back_again(acme: Customer, business: Business, clock: Clock) -> None:
    _, key = create_magic_key(business, by=OPERATOR)
    client = browser()
    page = client.get(HOME).headers["Location"].rpartition("return_to=")[2]
    assert page in PAGES
    token = jwt.encode({"sub": acme.public_id, "exp": clock.now().timestamp() + 60}, key, algorithm="HS256")
    response = client.get(f"{HOME}login/{token}", {"redirect_to": page})
    assert (response.status_code, response.headers["Location"]) == (303, HOME)
    assert acme.name in client.get(HOME).content.decode()
