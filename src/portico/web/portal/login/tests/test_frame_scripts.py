"""What the page around a frame asks for, and what scripts in a frame are given: looks, pages, and a token to keep."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.access.models import Grant, PortalSession
from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.lib.clock import now
from portico.web.portal.login.tests.framing import COOKIE, HOME, REGISTERED, frame, script


def test_page_language_theme_and_navigation_are_the_host_s_to_choose(portal_url: str) -> None:
    client = frame()
    opened = client.get(f"{portal_url}?page=invoices&lang=de&theme=dark&nav=hidden")
    assert opened["Location"] == f"{HOME}activity/invoices"
    html = client.get(opened["Location"]).content.decode()
    assert '<html lang="de" dir="ltr" data-frame data-theme="dark">' in html
    assert "po-nav" not in html
    assert "po-bar" not in html
    assert 'data-state="open"' in html
    assert f'data-origins="{REGISTERED}"' in html
    plain = frame()
    plain.get(portal_url)
    html = plain.get(HOME).content.decode()
    assert '<html lang="en" dir="ltr" data-frame>' in html
    assert "po-nav" in html


@pytest.mark.parametrize("page", ["", "no-such-page", "//evil.example", "https://evil.example", "../../../admin"])
def test_page_is_one_of_the_list(portal_url: str, page: str) -> None:
    opened = frame().get(portal_url, {"page": page, "lang": "xx", "theme": "pink", "nav": "1"})
    assert opened["Location"] == HOME
    session = PortalSession.objects.get()
    assert (session.language, session.theme, session.hides_navigation) == ("", "", False)


def test_page_and_language_count_in_a_tab_too_and_looks_do_not(portal_url: str) -> None:
    client = Client(headers={"host": "testserver"})
    opened = client.get(f"{portal_url}?page=invoices&lang=de&theme=dark&nav=hidden")
    assert opened["Location"] == f"{HOME}activity/invoices"
    html = client.get(opened["Location"]).content.decode()
    assert '<html lang="de" dir="ltr">' in html
    assert "frame.js" not in html
    assert "po-nav" in html


def test_other_links_take_no_parameters(acme: Customer, portal_url: str) -> None:
    _grant, secret = regenerate_portal_link(acme, by=OPERATOR)
    opened = Client(headers={"host": "testserver"}).get(f"{HOME}s/{secret}?page=invoices&lang=de")
    assert opened["Location"] == HOME
    assert PortalSession.objects.get().language == ""


def test_script_without_cookies_is_given_the_token_and_sends_it_along(portal_url: str) -> None:
    opened = script("memory").get(f"{portal_url}?page=invoices")
    assert (opened.status_code, list(opened.cookies)) == (204, [])
    assert opened["X-Frame-Location"] == f"{HOME}activity/invoices"
    ends = PortalSession.objects.get().expires_at.timestamp()
    assert opened["X-Frame-Ends"] == str(int(ends))
    assert opened["Cache-Control"] == "no-store"
    token = opened["X-Frame-Session"]
    page = script(token).get(HOME)
    assert page.status_code == 200
    assert f'data-ends="{int(ends)}"' in page.content.decode()
    assert token not in page.content.decode()
    assert script(token).post(f"{HOME}language", {"language": "de"}).status_code == 302
    # A new link goes on, and what was before is over.
    again = script(token).get(portal_url)
    assert again["X-Frame-Session"] != token
    assert script(token).get(HOME).status_code == 403
    assert script(again["X-Frame-Session"]).get(HOME).status_code == 200


def test_script_with_a_cookie_gets_another_cookie_and_no_token(portal_url: str) -> None:
    client = script("cookie")
    opened = client.get(portal_url)
    assert opened.status_code == 204
    assert "X-Frame-Session" not in opened.headers
    assert "Partitioned" in opened.cookies[COOKIE].OutputString()
    assert client.get(HOME).status_code == 200


def test_token_of_a_frame_is_for_its_own_scripts(portal_url: str) -> None:
    token = script("memory").get(portal_url)["X-Frame-Session"]
    foreign = frame(**{"sec-fetch-dest": "empty", "sec-fetch-site": "cross-site", "x-frame-session": token})
    assert foreign.post(f"{HOME}language", {"language": "de"}).status_code == 403
    assert PortalSession.objects.get().language == ""
    tab = Client(headers={"host": "testserver"})
    tab.cookies["__Host-portico-portal.nordlicht"] = token
    assert tab.get(HOME).status_code == 403
    assert script("memory").get(HOME).status_code == 403
    assert script("nonsense\x00").get(HOME).status_code == 403


def test_notices_tell_the_script_how_it_stands(portal_url: str) -> None:
    html = frame().get(f"{HOME}activity?q=x").content.decode()
    assert re.search(r'data-state="no_cookie"[^>]* data-again="/portal/nordlicht/activity\?q=x"', html)
    assert "data-frame-waits" in html
    client = frame()
    client.get(portal_url)
    Grant.objects.update(expires_at=now())
    PortalSession.objects.update(expires_at=now())
    html = client.get(f"{HOME}statements").content.decode()
    assert re.search(r'data-state="ended"[^>]* data-again="/portal/nordlicht/statements"', html)
    html = client.get(portal_url).content.decode()
    assert re.search(r'data-state="ended"[^>]* data-again=""', html)
    Grant.objects.update(expires_at=now() + timedelta(hours=1))
    client.get(portal_url)
    left = client.post(f"{HOME}sign-out")
    html = client.get(left["Location"]).content.decode()
    assert 'data-state="signed_out"' in html
    assert "data-frame-waits" not in html


def test_the_script_for_other_sites_is_small_and_for_everybody(acme: Customer) -> None:
    answer = Client(headers={"host": "testserver"}).get(f"{HOME}portico-embed.js")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert len(answer.content) <= 2048
    assert Client(headers={"host": "testserver"}).post(f"{HOME}portico-embed.js").status_code == 405
