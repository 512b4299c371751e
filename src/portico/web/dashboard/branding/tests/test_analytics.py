"""Counting visits: the right ids, asked first, the kind of page alone, and the sites it needs."""

import re

import pytest
from django.test import Client

from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business

PATH = "/settings/brand/analytics"
GOOGLE = {"service": "google", "site_id": " g-abc123def4 ", "asks": "on", "text_de": "Dürfen wir zählen?"}


def page(path: str = "s/pl_secret123", language: str = "en") -> tuple[str, dict[str, set[str]]]:
    client = Client(headers={"host": "testserver", "accept-language": language})
    answer = client.get(f"/portal/nordlicht/{path}")
    parts = (part.split() for part in answer["Content-Security-Policy"].split(";"))
    return answer.content.decode(), {name: set(sources) for name, *sources in parts}


def test_google_is_asked_for_first_and_learns_the_kind_of_page(owner: Client, shop: Business) -> None:
    assert owner.post(PATH, GOOGLE).status_code == 302
    html, policy = page()
    (script,) = re.findall(r"<script[^>]*analytics[^>]*>", html)
    assert 'data-site="G-ABC123DEF4"' in script
    assert 'data-page="/s/:secret"' in script
    assert "secret123" not in script
    assert re.search(r"<section class=\"po-consent\" data-consent hidden", html)
    assert "May we count your visit? Nordlicht learns which pages are used." in html
    assert "Dürfen wir zählen?" in page(language="de")[0]
    assert {s for s in policy["script-src"] if not s.startswith("'nonce")} == {"https://www.googletagmanager.com"}
    assert "https://*.google-analytics.com" in policy["connect-src"]
    assert "googletagmanager.com/gtag" not in html, "the page itself loads nothing"
    assert Activity.objects.get(verb="analytics.changed").actor_label == "Olga"


def test_nothing_is_counted_where_somebody_signs_in(owner: Client, shop: Business) -> None:
    strict = page("sign-in")
    owner.post(PATH, GOOGLE)
    html, policy = page("sign-in")
    assert "analytics" not in html
    assert policy.keys() == strict[1].keys()
    assert "'strict-dynamic'" in policy["script-src"]


@pytest.mark.parametrize(
    ("service", "site_id", "host"),
    [("matomo", "7", "https://matomo.example.com/"), ("plausible", "nordlicht.example", "https://plausible.io")],
)
def test_others_are_set_up_by_the_same_form(
    owner: Client, shop: Business, service: str, site_id: str, host: str
) -> None:
    owner.post(PATH, {"service": service, "site_id": site_id, "host": host})
    html, policy = page()
    assert f'data-service="{service}"' in html
    assert "data-consent" not in html, "nobody is asked where the business does not want it"
    assert host.rstrip("/") in policy["script-src"] & policy["connect-src"]
    owner.post(PATH, {"service": ""})
    assert "analytics" not in page()[0]


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
