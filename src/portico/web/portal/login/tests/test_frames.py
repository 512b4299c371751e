"""The portal in a frame of the business's own site: who may show it, with which cookie, and what ends there."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from conftest import Clock
from portico.domain.access.links.actions.make_portal_link import api_portal_url, regenerate_portal_link
from portico.domain.access.links.actions.revoke import revoke
from portico.domain.access.models import Grant, PortalSession
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_embedding import change_embedding
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.web.portal.login.tests.framing import COOKIE, HOME, REGISTERED, SHOP, ancestors, frame


def test_portal_url_opens_in_a_frame_of_the_registered_sites_alone(acme: Customer, portal_url: str) -> None:
    client = frame(**{"sec-fetch-site": "cross-site"})
    opened = client.get(portal_url)
    assert (opened.status_code, opened["Location"]) == (303, HOME)
    cookie = opened.cookies[COOKIE].OutputString()
    for attribute in ("HttpOnly", "Path=/", "SameSite=None", "Secure", "Partitioned"):
        assert attribute in cookie.split("; ")
    assert list(opened.cookies) == [COOKIE], "a frame has one cookie, none for forms"
    page = client.get(HOME)
    assert page.status_code == 200
    assert ancestors(page) == REGISTERED
    assert list(page.cookies) == []
    assert PortalSession.objects.get().embedded


def test_same_url_in_a_tab_is_an_ordinary_session(acme: Customer, portal_url: str) -> None:
    client = Client(headers={"host": "testserver", "sec-fetch-dest": "document"})
    cookie = client.get(portal_url).cookies["__Host-portico-portal.nordlicht"].OutputString()
    assert "SameSite=Lax" in cookie
    assert "Partitioned" not in cookie
    page = client.get(HOME)
    assert (page.status_code, ancestors(page)) == (200, "'none'")
    assert not PortalSession.objects.get().embedded


def test_session_of_a_tab_is_none_in_a_frame_nor_the_other_way_round(acme: Customer, portal_url: str) -> None:
    tab, framed = Client(headers={"host": "testserver"}), frame()
    tab.get(portal_url)
    framed.get(portal_url)
    # Within one site both cookies reach both places, and each place takes its own.
    both = {name: morsel.value for client in (tab, framed) for name, morsel in client.cookies.items()}
    (tabs,) = (value for name, value in both.items() if not name.endswith((".frame", "csrf")))
    (frames,) = (value for name, value in both.items() if name.endswith(".frame"))
    framed.cookies[COOKIE] = tabs
    assert framed.get(HOME).status_code == 403
    tab.cookies["__Host-portico-portal.nordlicht"] = frames
    assert tab.get(HOME).status_code == 403


def test_other_links_open_no_session_in_a_frame(acme: Customer, portal_url: str) -> None:
    _grant, secret = regenerate_portal_link(acme, by=OPERATOR)
    answer = frame().get(f"{HOME}s/{secret}")
    assert answer.status_code == 403
    html = answer.content.decode()
    assert f'href="{HOME}s/{secret}" target="_blank"' in html
    assert (list(answer.cookies), PortalSession.objects.count()) == ([], 0)
    assert Grant.objects.get(purpose="portal_link").use_count == 0


def test_without_registered_sites_no_frame_shows_anything(acme: Customer) -> None:
    _grant, secret = api_portal_url(acme, by=OPERATOR)
    answer = frame().get(f"{HOME}s/{secret}")
    assert (answer.status_code, ancestors(answer)) == (403, "'none'")
    assert PortalSession.objects.count() == 0


def test_site_taken_away_shows_no_further_page(acme: Customer, portal_url: str) -> None:
    client = frame()
    client.get(portal_url)
    tag = client.get(HOME)["ETag"]
    change_embedding(acme.business, [SHOP], by=OPERATOR)
    again = client.get(HOME, headers={"if-none-match": tag})
    assert (again.status_code, ancestors(again)) == (200, SHOP), "not a 304, which keeps the former policy"
    change_embedding(acme.business, [], by=OPERATOR)
    assert ancestors(client.get(HOME)) == "'none'"


def test_frame_that_keeps_no_cookie_is_told_so_instead_of_going_round_in_circles(portal_url: str) -> None:
    """A framed portal with a Lax cookie loops between sign-in and itself; here nothing redirects or asks to sign in."""
    opened = frame().get(portal_url)
    answer = frame().get(opened["Location"])
    assert (answer.status_code, ancestors(answer)) == (403, REGISTERED)
    html = answer.content.decode()
    assert "keeps no cookies" in html
    assert f'href="{HOME}" target="_blank" rel="noopener"' in html
    assert "<form" not in html
    assert "sign-in" not in html


def test_own_sign_in_page_is_never_opened_in_a_frame(acme: Customer, portal_url: str) -> None:
    Business.objects.update(sign_in_url="https://shop.example/in")
    assert frame().get(HOME).status_code == 403


def test_expiry_sign_out_and_the_portal_s_end_show_in_the_frame(acme: Customer, portal_url: str, clock: Clock) -> None:
    client = frame()
    client.get(portal_url)
    left = client.post(f"{HOME}sign-out")
    assert (left.status_code, left["Location"]) == (303, f"{HOME}signed-out")
    assert "Partitioned" in left.cookies[COOKIE].OutputString()
    gone = client.get(left["Location"])
    assert "You have signed out" in gone.content.decode()
    assert (ancestors(gone), client.get(HOME).status_code) == (REGISTERED, 403)
    client.get(portal_url)
    clock.instant += timedelta(hours=12)
    expired = client.get(HOME)
    assert (expired.status_code, ancestors(expired)) == (403, REGISTERED)
    assert "<form" not in expired.content.decode()
    change_portal_settings(acme.business, {"portal_enabled": False}, by=OPERATOR)
    closed = client.get(HOME)
    assert (closed.status_code, ancestors(closed)) == (404, REGISTERED)


def test_revoked_link_ends_the_frame_s_session(acme: Customer, portal_url: str) -> None:
    client = frame()
    client.get(portal_url)
    revoke(Grant.objects.get(), by=OPERATOR)
    answer = client.get(HOME)
    assert (answer.status_code, ancestors(answer)) == (403, REGISTERED)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
def test_only_a_form_of_the_frame_s_own_page_is_taken(acme: Customer, portal_url: str, site: str) -> None:
    client = frame()
    client.get(portal_url)
    refused = client.post(f"{HOME}language", {"language": "de"}, headers={"sec-fetch-site": site})
    assert refused.status_code == 403
    assert PortalSession.objects.get().language == ""
    taken = client.post(f"{HOME}language", {"language": "de"}, headers={"sec-fetch-site": "same-origin"})
    assert taken.status_code == 302
    assert PortalSession.objects.get().language == "de"


def test_in_a_tab_a_form_still_needs_its_token(acme: Customer, portal_url: str) -> None:
    client = Client(headers={"host": "testserver", "sec-fetch-site": "same-origin"}, enforce_csrf_checks=True)
    client.get(portal_url)
    assert client.post(f"{HOME}language", {"language": "de"}).status_code == 403
    assert PortalSession.objects.get().language == ""


def test_without_tls_the_cookie_is_one_that_browsers_take(settings: Settings, portal_url: str) -> None:
    settings.PORTICO_HTTPS = False
    cookie = frame().get(portal_url).cookies["portico-portal.nordlicht.frame"].OutputString()
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    assert "Partitioned" not in cookie
