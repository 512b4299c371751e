"""The frame and the language."""

import re

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business
from portico.web.portal.conftest import Visitor

pytestmark = pytest.mark.django_db

PAGES = ["home", "billing_details", "statements", "documents", "selection"]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_its_landmarks(visitor: Visitor, name: str) -> None:
    html = visitor.page(name)
    assert html.count("<main") == 1
    assert html.count("<h1") == 1
    assert 'href="#main"' in html
    assert '<nav class="po-nav" aria-label=' in html
    if name != "selection":
        assert html.count('aria-current="page"') >= (name != "documents")


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_inline_styles_or_handlers(visitor: Visitor, name: str) -> None:
    html = visitor.page(name)
    assert not re.search(r"<[^>]+\s(style|on\w+)=", html)
    nonce = re.search(r"'nonce-([^']+)'", visitor.get(visitor.url(name)).headers["Content-Security-Policy"])
    assert nonce
    assert all(re.search(r'nonce="[^"]+"', tag) for tag in re.findall(r"<(?:script|style)[^>]*>", html))


def test_the_business_s_colour_leads(visitor: Visitor, business: Business) -> None:
    business.accent = "#7a2fd0"
    business.revision += 1
    business.save()
    assert "--accent:light-dark(#7a2fd0," in visitor.page("home")


def test_statements_are_in_the_navigation_only_when_shown(visitor: Visitor, business: Business) -> None:
    assert visitor.url("statements") in visitor.page("home")
    change_portal_settings(business, {"show_statements": False}, by=OPERATOR)
    assert visitor.url("statements") not in visitor.page("home")


def test_a_chosen_language_stays_and_leads_back(visitor: Visitor) -> None:
    back = visitor.url("activity_of_kind", "invoices") + "?sort=due"
    response = visitor.post(visitor.url("language"), language="de", next=back)
    assert response.status_code == 302
    assert response.headers["Location"] == back
    assert '<html lang="de" dir="ltr">' in visitor.page("home")
    assert visitor.get(visitor.url("language")).status_code == 405


@pytest.mark.parametrize(
    "next_url",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/portal/other/", ""],
)
def test_the_way_back_never_leaves_the_portal(visitor: Visitor, next_url: str) -> None:
    response = visitor.post(visitor.url("language"), language="xx", next=next_url)
    assert response.headers["Location"] == visitor.url("home")
    assert '<html lang="en" dir="ltr">' in visitor.page("home"), "an unknown language changes nothing"
