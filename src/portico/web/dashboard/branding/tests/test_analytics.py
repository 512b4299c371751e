"""Counting visits: the right ids, asked first, the kind of page alone, and the sites it needs."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.web.dashboard.branding.tests.conftest import Portal
from portico.web.dashboard.tests.cast import signed_in, staff_of

PATH = "/settings/brand/analytics"
GOOGLE = {
    "service": "google",
    "site_id": " g-abc123def4 ",
    "asks": "on",
    "text_de": "Dürfen wir zählen?",
}


def test_google_is_asked_for_first_and_learns_the_kind_of_page(owner: Client, portal: Portal) -> None:
    assert owner.post(PATH, GOOGLE).status_code == 302
    html, policy = portal.page(portal.invoice)
    (script,) = re.findall(r"<script[^>]*analytics[^>]*>", html)
    assert 'data-site="G-ABC123DEF4"' in script
    assert 'data-page="/invoices/:name"' in script
    assert portal.invoice not in script
    assert re.search(r"<section class=\"po-consent\" data-consent hidden", html)
    assert "May we count your visit? Nordlicht learns which pages are used." in html
    assert "Dürfen wir zählen?" in portal.page(language="de")[0]
    assert {s for s in policy["script-src"] if not s.startswith("'nonce")} == {"https://www.googletagmanager.com"}
    assert "https://*.google-analytics.com" in policy["connect-src"]
    assert "googletagmanager.com/gtag" not in html, "the page itself loads nothing"
    assert Activity.objects.get(verb="analytics.changed").actor_label == "Olga"


def test_nothing_is_counted_where_somebody_signs_in(owner: Client, portal: Portal) -> None:
    strict = portal.page("sign-in")
    owner.post(PATH, GOOGLE)
    html, policy = portal.page("sign-in")
    assert "analytics" not in html
    assert policy.keys() == strict[1].keys()
    assert "'strict-dynamic'" in policy["script-src"]


def test_whose_script_it_is_changes_with_a_second_factor_alone(owner: Client, shop: Business) -> None:
    without = signed_in(staff_of(shop, "olga@nordlicht.example"))
    answer = without.post(PATH, GOOGLE)
    assert answer.status_code == 422
    assert "Confirm with your second factor first" in answer.content.decode()
    shop.refresh_from_db()
    assert shop.analytics == {}
    owner.post(PATH, GOOGLE)
    assert without.post(PATH, GOOGLE | {"text_de": "Dürfen wir?"}).status_code == 302
    for changed in ({"service": ""}, {"service": "matomo", "site_id": "7", "host": "https://evil.example"}):
        assert without.post(PATH, GOOGLE | changed).status_code == 422
    shop.refresh_from_db()
    assert (shop.analytics["service"], shop.analytics["texts"]) == ("google", {"de": "Dürfen wir?"})


def test_nothing_is_counted_where_the_dashboard_is(owner: Client, portal: Portal, settings: Settings) -> None:
    """By the base host's path the service's script would run in the origin of the dashboard and of other portals."""
    settings.PORTICO_PORTAL_DOMAIN = ""
    strict = portal.page(portal.invoice, own_host=False)[1]
    answer = owner.post(PATH, GOOGLE, follow=True)
    assert "Nothing is counted yet. It needs a portal address of its own" in answer.content.decode()
    html, policy = portal.page(portal.invoice, own_host=False)
    assert "analytics" not in html
    assert policy.keys() == strict.keys()
    assert not [source for source in policy["script-src"] if source.startswith("https:")]


def test_nothing_is_counted_outside_of_an_account(owner: Client, portal: Portal) -> None:
    owner.post(PATH, GOOGLE)
    html, policy = portal.page("s/pl_secret123")
    assert "analytics" not in html
    assert "'strict-dynamic'" in policy["script-src"]


@pytest.mark.parametrize(
    ("service", "site_id", "host"),
    [("matomo", "7", "https://matomo.example.com/"), ("plausible", "nordlicht.example", "https://plausible.io")],
)
def test_others_are_set_up_by_the_same_form(
    owner: Client, portal: Portal, service: str, site_id: str, host: str
) -> None:
    owner.post(PATH, {"service": service, "site_id": site_id, "host": host})
    html, policy = portal.page(portal.invoice)
    assert f'data-service="{service}"' in html
    assert "data-consent" not in html, "nobody is asked where the business does not want it"
    assert host.rstrip("/") in policy["script-src"] & policy["connect-src"]
    owner.post(PATH, {"service": ""})
    assert "analytics" not in portal.page()[0]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"service": "google", "site_id": "UA-12345-1"}, "Google stopped Universal Analytics in 2023"),
        ({"service": "google", "site_id": "G-1'><script>"}, "such as G-ABC123DEF4"),
        ({"service": "google", "site_id": ""}, "such as G-ABC123DEF4"),
        ({"service": "matomo", "site_id": "x", "host": "https://m.example"}, "is a number"),
        ({"service": "matomo", "site_id": "1", "host": "https://m.example/path"}, "a host, without a path"),
        ({"service": "matomo", "site_id": "1", "host": "https://*.m.example"}, "a host, without a path"),
        ({"service": "plausible", "site_id": "a b", "host": "https://m.example"}, "as Plausible calls it"),
        ({"service": "piwik", "site_id": "1"}, "Choose one of the entries"),
    ],
)
def test_what_no_service_knows_is_refused(owner: Client, shop: Business, form: dict[str, str], said: str) -> None:
    answer = owner.post(PATH, form)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    shop.refresh_from_db()
    assert shop.analytics == {}
    assert not Activity.objects.filter(verb="analytics.changed").exists()
