"""Links open sessions, sessions end, and a refusal says why."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from conftest import Clock
from portico.domain.access.links.actions.make_portal_link import api_portal_url, regenerate_portal_link
from portico.domain.access.links.actions.revoke import revoke
from portico.domain.access.links.queries.grants import find_grant
from portico.domain.access.models import Grant, PortalSession
from portico.domain.access.sessions.actions.open import open_session
from portico.domain.access.sessions.actions.resume import viewer_of
from portico.domain.access.viewer import ClientInfo
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.customers.models import Customer
from portico.domain.ledger.tests.history import new_business, new_customer
from portico.web.portal.conftest import Visitor
from portico.web.portal.core.gate import cookie_name
from portico.web.portal.core.redirects import page_of_this_portal

HOME = "/portal/nordlicht/"
COOKIE = "portico-portal.nordlicht"


def browser(**headers: str) -> Client:
    return Client(headers={"host": "testserver", **{name.replace("_", "-"): value for name, value in headers.items()}})


@pytest.fixture
def link(acme: Customer) -> tuple[Grant, str]:
    return regenerate_portal_link(acme, by=OPERATOR)


def address(secret: str) -> str:
    return f"{HOME}s/{secret}"


def test_a_link_becomes_a_session_at_an_address_without_the_secret(acme: Customer, link: tuple[Grant, str]) -> None:
    grant, secret = link
    client = browser(user_agent="Firefox")
    response = client.get(address(secret))
    assert (response.status_code, response.headers["Location"]) == (303, HOME)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert secret not in str(response.headers)
    session = PortalSession.objects.get()
    assert (session.customer, session.grant, session.host, session.user_agent) == (acme, grant, "testserver", "Firefox")
    grant.refresh_from_db()
    assert grant.use_count == 1
    used = Activity.objects.get(verb="link.used")
    assert (used.customer, used.ip, used.subject_id) == (acme, "127.0.0.1", grant.id)
    assert client.get(HOME).status_code == 200


def test_a_link_s_secret_is_looked_up_once(link: tuple[Grant, str]) -> None:
    for path in (address(link[1]), f"{address(link[1])}.pdf"):
        with CaptureQueriesContext(connection) as queries:
            browser().get(path)
        assert len([one for one in queries if '"secret_hash" IN' in one["sql"]]) == 1, path


@pytest.mark.parametrize(("https", "name"), [(False, COOKIE), (True, f"__Host-{COOKIE}")])
def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(
    link: tuple[Grant, str], settings: Settings, https: bool, name: str
) -> None:
    settings.PORTICO_HTTPS = https
    cookie = browser().get(address(link[1])).cookies[name]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert bool(cookie["secure"]) is https
    assert (cookie["path"], cookie["domain"], cookie["max-age"]) == ("/", "", "")


def test_on_its_own_host_a_portal_has_a_cookie_of_its_own(link: tuple[Grant, str], settings: Settings) -> None:
    settings.PORTICO_PORTAL_DOMAIN = "pay.example"
    client = browser(host="nordlicht.pay.example")
    response = client.get(f"/s/{link[1]}")
    assert response.headers["Location"] == "/"
    assert "portico-portal" in response.cookies
    assert client.get("/").status_code == 200
    moved = browser(host="testserver")
    moved.cookies[COOKIE] = response.cookies["portico-portal"].value
    assert moved.get(HOME).status_code == 403, "a session stays on the host it was opened on"


def test_every_exchange_makes_a_new_session_and_ends_the_one_before(link: tuple[Grant, str]) -> None:
    client, other = browser(), browser()
    client.cookies[COOKIE] = "ps_" + "a" * 50
    for visitor in (client, client, other):
        visitor.get(address(link[1]))
    first, second, elsewhere = PortalSession.objects.order_by("id")
    assert (first.ended_at is None, second.ended_at, elsewhere.ended_at) == (False, None, None)
    assert len({first.token_hash, second.token_hash, elsewhere.token_hash}) == 3
    assert client.cookies[COOKIE].value != "ps_" + "a" * 50, "a session is never one that was brought along"
    tokens = {visitor.cookies["portico-csrf"].value for visitor in (client, other)}
    assert len(tokens) == 2


def test_head_and_other_methods_open_nothing(link: tuple[Grant, str]) -> None:
    client = browser()
    assert client.head(address(link[1])).status_code == 303
    for method in ("post", "put", "delete", "patch", "options"):
        assert getattr(client, method)(address(link[1])).status_code == 405
    assert client.head(address("pl_unknown")).status_code == 404
    assert not PortalSession.objects.exists()
    assert not client.cookies
    link[0].refresh_from_db()
    assert link[0].use_count == 0


def test_a_link_opens_only_its_own_business(link: tuple[Grant, str]) -> None:
    new_business("fremd")
    assert browser().get(f"/portal/fremd/s/{link[1]}").status_code == 404
    assert not PortalSession.objects.exists()


WORDS = {
    "expired": "This link has expired",
    "revoked": "Access denied",
    "replaced": "This link has been replaced",
}


@pytest.mark.parametrize("reason", WORDS)
def test_an_ended_link_says_so_and_how_to_get_a_fresh_one(
    acme: Customer, link: tuple[Grant, str], clock: Clock, reason: str
) -> None:
    if reason == "expired":
        clock.advance(days=30)
    elif reason == "revoked":
        revoke(link[0], by=OPERATOR)
    else:
        regenerate_portal_link(acme, by=OPERATOR)
    response = browser().get(address(link[1]))
    html = response.content.decode()
    assert response.status_code == 403
    assert f"{WORDS[reason]}</h1>" in html
    assert "Access denied" in html
    assert "mailto:hello@nordlicht.example?subject=" in html
    assert [words for words in WORDS.values() if f"{words}</h1>" in html] == [WORDS[reason]]
    assert acme.name not in html, "the holder of an old link learns nothing"
    assert not PortalSession.objects.exists()


def test_the_page_speaks_the_customer_s_language_then_the_business_s_then_the_browser_s(
    acme: Customer, business: Business, link: tuple[Grant, str]
) -> None:
    revoke(link[0], by=OPERATOR)
    german = browser(accept_language="de-AT,en;q=0.5")

    def language(client: Client, secret: str) -> str:
        return client.get(address(secret)).content.decode().partition('<html lang="')[2][:2]

    assert language(german, link[1]) == "de"
    assert language(browser(), link[1]) == "en"
    Business.objects.filter(pk=business.pk).update(language="ar")
    assert language(german, link[1]) == "ar"
    Customer.objects.filter(pk=acme.pk).update(language="de")
    assert language(browser(), link[1]) == "de"
    assert language(browser(), "pl_unknown") == "ar", "nobody knows whose that was"
    change_portal_settings(business, {"portal_enabled": False}, by=OPERATOR)
    assert language(browser(), link[1]) == "de"


@pytest.mark.django_db
def test_where_no_portal_is_the_browser_s_language_is_spoken() -> None:
    response = browser(accept_language="de-AT,en;q=0.5").get("/portal/nobody/")
    assert response.status_code == 404
    assert '<html lang="de"' in response.content.decode()


def test_a_session_that_lost_its_link_speaks_the_customer_s_language(business: Business) -> None:
    data = CustomerInput(external_id="de", name="Eins", language="de")
    customer, _ = upsert_customer(business, data, by=OPERATOR)
    grant, secret = regenerate_portal_link(customer, by=OPERATOR)
    client = browser()
    client.get(address(secret))
    revoke(grant, by=OPERATOR)
    assert '<html lang="de"' in client.get(HOME).content.decode()


def test_without_a_way_to_write_or_call_no_button_is_dead(business: Business, link: tuple[Grant, str]) -> None:
    Business.objects.filter(pk=business.pk).update(email="", phone="+49 30 1234")
    revoke(link[0], by=OPERATOR)
    html = browser().get(address(link[1])).content.decode()
    assert "mailto:" not in html
    assert 'href="tel:+49301234"' in html


def test_signing_out_ends_this_session_and_no_other(visitor: Visitor, acme: Customer) -> None:
    _, secret = api_portal_url(acme, by=OPERATOR)
    _, colleague = open_session(find_grant(visitor.business, secret), ClientInfo("testserver"))
    response = visitor.post(visitor.url("sign_out"))
    assert (response.status_code, response.headers["Location"]) == (303, f"{HOME}signed-out")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert visitor.client.cookies[COOKIE].value == ""
    assert Activity.objects.filter(verb="session.ended").count() == 1
    page = visitor.get(response.headers["Location"])
    assert page.status_code == 200
    assert "You have signed out" in page.content.decode()
    assert visitor.get("/").status_code == 403
    assert viewer_of(colleague, slug="nordlicht", host="testserver") is not None
    assert Grant.objects.get(purpose="portal_link").state == "active", "the link stays good"


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(visitor: Visitor) -> None:
    stolen = browser()
    stolen.cookies[COOKIE] = visitor.client.cookies[COOKIE].value
    assert stolen.get(HOME).status_code == 200
    visitor.post(visitor.url("sign_out"))
    response = stolen.get(HOME)
    assert response.status_code == 403
    assert "You are signed out" in response.content.decode()


def test_whoever_is_signed_in_is_not_told_to_have_left(visitor: Visitor) -> None:
    response = visitor.get(visitor.url("signed_out"))
    assert (response.status_code, response.headers["Location"]) == (303, HOME)


def test_a_region_of_a_page_is_never_filled_with_an_error_page(visitor: Visitor) -> None:
    PortalSession.objects.update(ended_at=PortalSession.objects.get().created_at)
    response = visitor.get("/", **{"HX-Request": "true", "HX-Target": "results"})
    assert response.status_code == 403
    assert response.headers["HX-Refresh"] == "true"
    assert "HX-Refresh" not in visitor.get("/").headers


def test_a_link_of_a_program_opens_for_twelve_hours(acme: Customer, clock: Clock) -> None:
    _, secret = api_portal_url(acme, by=OPERATOR)
    clock.advance(hours=11, minutes=59)
    client = browser()
    assert client.get(address(secret)).status_code == 303
    assert client.get(HOME).status_code == 200
    clock.instant += timedelta(minutes=1)
    assert "This link has expired" in client.get(HOME).content.decode(), "a session never outlives its link"
    assert browser().get(address(secret)).status_code == 403


@pytest.mark.parametrize(
    "path", ["nowhere", "invoices/inv_01m7x256x2ft2ted7y26pjrw02", "s", "../../etc/passwd", "%2e%2e/"]
)
def test_what_is_not_there_is_not_found_in_the_portal_s_own_layout(visitor: Visitor, path: str) -> None:
    response = visitor.get(HOME + path)
    html = response.content.decode()
    assert response.status_code == 404
    assert "This page is not here" in html
    assert "Acme GmbH" in html
    assert visitor.url("home") in html


def test_two_businesses_on_one_host_have_two_sessions(visitor: Visitor) -> None:
    elsewhere = new_customer(new_business("fremd"), "Fremder")
    _, secret = regenerate_portal_link(elsewhere, by=OPERATOR)
    visitor.client.get(f"/portal/fremd/s/{secret}")
    assert "Fremder" in visitor.client.get("/portal/fremd/").content.decode()
    assert "Acme GmbH" in visitor.client.get(HOME).content.decode()
    visitor.post(visitor.url("sign_out"))
    assert visitor.client.get("/portal/fremd/").status_code == 200


def test_a_session_is_of_no_use_at_another_business(visitor: Visitor) -> None:
    new_business("fremd")
    token = visitor.client.cookies[cookie_name("nordlicht")].value
    thief = browser()
    thief.cookies[cookie_name("fremd")] = token
    answer = thief.get("/portal/fremd/")
    assert answer.status_code == 403
    assert "Acme GmbH" not in answer.content.decode()
    thief.cookies[cookie_name("nordlicht")] = token
    assert thief.get(HOME).status_code == 200, "the token itself is good"


@pytest.mark.parametrize(
    ("next_url", "goes"),
    [
        ("activity", "activity"),
        ("activity/invoices?status=paid&page=2", "activity/invoices?status=paid&page=2"),
        ("", ""),
        ("nowhere", ""),
        ("../../accounts/logout/", ""),
        ("%2e%2e/%2e%2e/accounts/logout/", ""),
        ("activity#x", "activity"),
    ],
)
@pytest.mark.parametrize("prefix", ["/portal/nordlicht/"])
def test_a_form_sends_its_reader_to_a_page_of_this_portal(
    visitor: Visitor, prefix: str, next_url: str, goes: str
) -> None:
    response = visitor.post(visitor.url("language"), language="de", next=prefix + next_url)
    assert response.headers["Location"] == prefix + goes


@pytest.mark.parametrize(
    "next_url",
    ["", "//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
     "/portal/fremd/", "/", "activity", "//evil.example/portal/nordlicht/", "/portal/nordlicht/\r\nX: y",
     "/portal/nordlicht/%", "/portal/nordlicht/%ff", "http://[", "/portal/nordlicht/\\..\\x",
     "/portal/nordlicht//activity", "@evil.example/portal/nordlicht/"],
)  # fmt: skip
def test_a_form_sends_nobody_anywhere_else(visitor: Visitor, next_url: str) -> None:
    response = visitor.post(visitor.url("language"), language="de", next=next_url)
    assert response.headers["Location"] == HOME


def test_targets_are_paths_on_a_portal_s_own_host_too(settings: Settings) -> None:
    settings.ROOT_URLCONF = "portico.web.portal.urls"
    assert page_of_this_portal("/activity") == "/activity"
    for next_url in ("//evil.example", "/\\evil.example", "///evil.example", "https:/activity", "/%2f/evil.example"):
        assert page_of_this_portal(next_url) == "/"


def test_a_session_ends_with_the_master_switch_and_its_link_works_again(
    business: Business, link: tuple[Grant, str], clock: Clock
) -> None:
    client = browser()
    client.get(address(link[1]))
    assert client.get(HOME).status_code == 200
    clock.advance(minutes=1)
    change_portal_settings(business, {"portal_enabled": False}, by=OPERATOR)
    clock.advance(minutes=1)
    change_portal_settings(business, {"portal_enabled": True}, by=OPERATOR)
    assert client.get(HOME).status_code == 403
    assert client.get(address(link[1])).status_code == 303
    assert client.get(HOME).status_code == 200
