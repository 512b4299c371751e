"""Trusted sites: in the policy of the portal's pages and nowhere else; what was refused lately can be trusted."""

import json

import pytest
from django.test import Client
from pytest_django import Settings

from portico.domain.activity.models import Activity
from portico.domain.branding.models import PolicyViolation
from portico.domain.branding.sites import Use
from portico.domain.businesses.models import Business
from portico.web.dashboard.branding.tests.conftest import Portal
from portico.web.dashboard.tests.cast import signed_in, staff_of

PATH = "/settings/brand/sites"
REPORT = "/portal/nordlicht/policy-report"


def report(client: Client, origin: str, directive: str = "img-src", **more: object) -> int:
    body = {"csp-report": {"blocked-uri": f"{origin}/path?secret=1", "effective-directive": directive, **more}}
    return client.post(REPORT, json.dumps(body), content_type="application/csp-report").status_code


def violation(url: str) -> dict[str, str]:
    return {"blockedURL": url, "effectiveDirective": "script-src-elem", "documentURL": "https://pay.example/invoices"}


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"host": "testserver"}, enforce_csrf_checks=True)


def test_a_site_is_in_the_policy_of_pages_for_its_use_alone(owner: Client, shop: Business, portal: Portal) -> None:
    strict = portal.page("sign-in")[1]
    owner.post(PATH, {"action": "add", "site": "HTTPS://CDN.example.com/", "use": ["image", "font", "frame"]})
    shop.refresh_from_db()
    assert shop.trusted_sites == {use: ["https://cdn.example.com"] for use in ("image", "font", "frame")}
    wide = portal.page()[1]
    assert wide["img-src"] == {"'self'", "data:", "https://cdn.example.com"}
    assert wide["frame-src"] == {"https://cdn.example.com"}
    assert "'strict-dynamic'" in wide["script-src"]
    assert (wide["report-uri"], wide["report-to"]) == ({"/policy-report"}, {"portico"})
    assert portal.page("sign-in")[1].keys() == strict.keys()
    assert portal.page("sign-in")[1]["img-src"] == strict["img-src"]
    owner.post(PATH, {"action": "remove", "site": "https://cdn.example.com", "use": "image"})
    assert portal.page()[1]["img-src"] == {"'self'", "data:"}
    assert Activity.objects.filter(verb="trusted_sites.changed").count() == 2


def test_scripts_of_named_sites_are_the_only_ones(owner: Client, portal: Portal) -> None:
    owner.post(PATH, {"action": "add", "site": "https://*.example.com", "use": ["script"]})
    sources = {source for source in portal.page()[1]["script-src"] if not source.startswith("'nonce-")}
    assert sources == {"https://*.example.com"}


def test_scripts_are_trusted_with_a_second_factor_alone(shop: Business) -> None:
    without = signed_in(staff_of(shop, "olga@nordlicht.example"))
    answer = without.post(PATH, {"action": "add", "site": "https://a.example", "use": ["image", "script"]})
    assert answer.status_code == 422
    assert "Confirm with your second factor first" in answer.content.decode()
    assert 'value="https://a.example"' in answer.content.decode()
    shop.refresh_from_db()
    assert shop.trusted_sites == {}
    assert not Activity.objects.filter(verb="trusted_sites.changed").exists()


def test_where_the_dashboard_is_nothing_runs_from_them(owner: Client, portal: Portal, settings: Settings) -> None:
    """By the base host's path only what a style sheet shows is loaded from them, and on notices nothing."""
    settings.PORTICO_PORTAL_DOMAIN = ""
    site = "https://cdn.example.com"
    answer = owner.post(PATH, {"action": "add", "site": site, "use": list(Use)}, follow=True)
    assert "are not used yet. It needs a portal address of its own" in answer.content.decode()
    _html, found = portal.page(own_host=False)
    assert {name for name, sources in found.items() if site in sources} == {
        "style-src", "img-src", "font-src", "media-src",
    }  # fmt: skip
    assert "'strict-dynamic'" in found["script-src"]
    assert found["report-uri"] == {REPORT}
    assert site not in str(portal.page("s/pl_unknown", own_host=False)[1])


@pytest.mark.parametrize(
    "site",
    ["*", "data:", "https://127.0.0.1", "https://a.example/x?key=1", "https://a.example; script-src *", "'self'"],
)
def test_other_things_are_refused(owner: Client, shop: Business, site: str) -> None:
    answer = owner.post(PATH, {"action": "add", "site": site, "use": ["script"]})
    assert answer.status_code == 422
    shop.refresh_from_db()
    assert shop.trusted_sites == {}
    assert not Activity.objects.filter(verb="trusted_sites.changed").exists()


def test_what_was_not_loaded_is_counted_and_can_be_trusted(
    owner: Client, shop: Business, portal: Portal, visitor: Client
) -> None:
    assert [report(visitor, "https://cdn.example.com") for _ in range(3)] == [204] * 3
    row = PolicyViolation.objects.get()
    assert (row.origin, row.use, row.count) == ("https://cdn.example.com", "image", 3)
    html = owner.get(PATH).content.decode()
    assert "3 times" in html
    assert "secret" not in html
    owner.post(PATH, {"action": "add", "site": row.origin, "use": row.use})
    assert portal.page()[1]["img-src"] == {"'self'", "data:", "https://cdn.example.com"}
    assert not PolicyViolation.objects.exists()
    report(visitor, "https://cdn.example.com")
    assert not PolicyViolation.objects.exists(), "it is trusted by now"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[]",
        b'{"csp-report": 1}',
        b"[1, {}, [], null]",
        b"[" * 20_000,
        b'[{"type": "deprecation", "body": {"blockedURL": "https://a.example/", "effectiveDirective": "img-src"}}]',
        b'[{"type": "csp-violation", "body": "no"}, {"type": "csp-violation", "body": {"blockedURL": 7}}]',
        b'{"csp-report": {"blocked-uri": "inline", "effective-directive": "script-src"}}',
        b'{"csp-report": {"blocked-uri": "https://127.0.0.1/", "effective-directive": "img-src"}}',
        b'{"csp-report": {"blocked-uri": "https://a.example/", "effective-directive": "base-uri"}}',
        b'{"csp-report": {"blocked-uri": "https://[", "effective-directive": "img-src"}}',
        b'{"csp-report": {"blocked-uri": "https://a.example/", "effective-directive": "img-src", "x": "'
        + b"x" * 33_000
        + b'"}}',
    ],
)
def test_reports_that_say_nothing_are_not_kept(shop: Business, visitor: Client, body: bytes) -> None:
    assert visitor.post(REPORT, body, content_type="application/csp-report").status_code == 204
    assert not PolicyViolation.objects.exists()


def test_browsers_that_collect_reports_send_them_together(shop: Business, visitor: Client) -> None:
    """As `report-to` has it: several at once, of any kind, under other names."""
    told = [
        {"type": "csp-violation", "body": violation(f"https://host-{n % 2}.example.com/x?secret=1")} for n in range(3)
    ]
    answer = visitor.post(REPORT, json.dumps([{"type": "crash"}, *told]), content_type="application/reports+json")
    assert answer.status_code == 204
    found = PolicyViolation.objects.order_by("origin").values_list("origin", "use", "count")
    assert list(found) == [("https://host-0.example.com", "script", 2), ("https://host-1.example.com", "script", 1)]
    # One request counts for as many as are in it, and brings no more than a few.
    many = [{"type": "csp-violation", "body": violation(f"https://many-{n}.example.com")} for n in range(100)]
    for _ in range(3):
        visitor.post(REPORT, json.dumps(many), content_type="application/reports+json")
    assert PolicyViolation.objects.count() == 22


def test_reports_have_a_limit(shop: Business, visitor: Client) -> None:
    for number in range(40):
        report(visitor, f"https://host-{number}.example.com")
    assert PolicyViolation.objects.count() == 30
    assert visitor.get(REPORT).status_code == 405
