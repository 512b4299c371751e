"""Hosts, prefixes and proxies: every request finds its front end, and nobody talks us into another address."""

from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from portico.config.hosts import HostMiddleware
from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.access.models import PortalSession
from portico.domain.access.portal_urls import link_url, portal_base
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.web.shared.sites import RequestedSite, Site, requested_site


def knock(
    path: str = "/", host: str = "testserver", peer: str = "203.0.113.9", **headers: str
) -> tuple[RequestedSite, str, str]:
    """Send a request through the middleware alone; returns the requested site, the visitor's address and the scheme."""
    seen: list[tuple[RequestedSite, str, str]] = []

    def handler(request: object) -> HttpResponse:
        assert hasattr(request, "META")
        seen.append((requested_site(request), request.META["REMOTE_ADDR"], request.scheme))  # type: ignore[arg-type, attr-defined]  # it is the request given below
        return HttpResponse()

    request = RequestFactory().get(path, headers={"host": host, **headers}, REMOTE_ADDR=peer)
    response = HostMiddleware(handler)(request)
    assert response.status_code == 200, response.status_code
    return seen[0]


def refused(path: str = "/", host: str = "testserver") -> int:
    request = RequestFactory().get(path)
    request.META["HTTP_HOST"] = host
    status: int = HostMiddleware(lambda _: HttpResponse())(request).status_code
    return status


@pytest.mark.parametrize(
    ("path", "site", "slug"),
    [
        ("/", Site.DASHBOARD, ""),
        ("/settings/portal/tokens", Site.DASHBOARD, ""),
        ("/api/v1/customers", Site.API, ""),
        ("/portal/nordlicht/", Site.PORTAL, "nordlicht"),
        ("/portal/nordlicht/invoices/inv_1", Site.PORTAL, "nordlicht"),
        ("/portal/a-1/api/v1/customers", Site.PORTAL, "a-1"),
        ("/portal/Nordlicht/", Site.DASHBOARD, ""),
        ("/portal/../api/", Site.DASHBOARD, ""),
        ("/portal/%2e%2e/", Site.DASHBOARD, ""),
        ("/portal/" + "a" * 41 + "/", Site.DASHBOARD, ""),
        ("/portal/", Site.DASHBOARD, ""),
        ("//portal/nordlicht/", Site.DASHBOARD, ""),
    ],
)
def test_the_path_names_the_front_end_on_the_base_host(path: str, site: Site, slug: str) -> None:
    requested, *_ = knock(path)
    assert (requested.site, requested.slug, requested.prefixed) == (site, slug, site is Site.PORTAL)


@pytest.mark.parametrize("host", ["testserver", "TESTSERVER", "testserver:8000", "testserver."])
def test_the_base_host_is_known_however_it_is_written(host: str) -> None:
    assert knock(host=host)[0].host == "testserver"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "testserver.evil.example", "evil@testserver", "testserver/evil", "testserver:x", "127.0.0.1",
     "localhost", "nordlicht.testserver", "test server", "[::1", "tëstserver"],
)  # fmt: skip
def test_other_hosts_are_unknown(host: str) -> None:
    assert refused(host=host) == 404
    assert refused("/portal/nordlicht/", host=host) == 404
    assert refused("/api/v1/customers", host=host) == 404


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_a_base_host_of_this_machine_goes_by_its_other_names_too(host: str, settings: Settings) -> None:
    settings.PORTICO_BASE_HOST = "localhost"
    assert knock(host=host)[0].site is Site.DASHBOARD


@pytest.mark.django_db
def test_a_base_host_may_be_an_ipv6_address(settings: Settings) -> None:
    settings.PORTICO_BASE_HOST = "2001:db8::1"
    assert knock("/portal/nordlicht/", host="[2001:db8::1]:8000")[0].slug == "nordlicht"
    assert refused(host="[2001:db8::2]") == 404


@pytest.mark.django_db
def test_a_business_answers_at_its_own_name_under_the_portals_domain(settings: Settings) -> None:
    settings.PORTICO_PORTAL_DOMAIN = "pay.example"
    requested, *_ = knock("/portal/other/", host="Nordlicht.pay.example:443")
    assert (requested.site, requested.slug, requested.prefixed) == (Site.PORTAL, "nordlicht", False)
    assert knock("/api/v1/customers", host="nordlicht.pay.example")[0].site is Site.PORTAL
    for host in ("pay.example", "a.b.pay.example", "xpay.example", ".pay.example", "a_b.pay.example", "a.payxexample"):
        assert refused(host=host) == 404, host


def test_the_base_host_is_no_business_within_the_portals_domain(settings: Settings) -> None:
    settings.PORTICO_BASE_HOST, settings.PORTICO_BASE_URL = "billing.pay.example", "https://billing.pay.example:8443"
    settings.PORTICO_PORTAL_DOMAIN = "pay.example"
    assert knock(host="billing.pay.example")[0].site is Site.DASHBOARD
    assert portal_base(Business(slug="billing")) == "https://billing.pay.example:8443/portal/billing/"
    assert portal_base(Business(slug="nordlicht")) == "https://nordlicht.pay.example:8443/"


def test_a_portal_without_its_last_slash_is_found_on_the_same_host() -> None:
    response = Client(headers={"host": "testserver"}).get("/portal/nordlicht?next=//evil.example")
    assert response.status_code == 301
    assert response.headers["Location"] == "/portal/nordlicht/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/portal/nobody/", "/portal/nobody/s/pl_x", "/portal/nobody/x", "/portal/nobody/signed-out"]
)
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_a_business_that_is_not_there_has_no_portal(path: str, method: str) -> None:
    client = Client(headers={"host": "testserver"}, enforce_csrf_checks=True)
    assert getattr(client, method)(path).status_code == 404


def test_only_a_configured_proxy_speaks_for_a_visitor(settings: Settings) -> None:
    said = {"x-forwarded-for": "198.51.100.7", "x-forwarded-proto": "https", "x-forwarded-host": "evil.example"}
    assert knock(peer="10.0.0.1", **said)[0].host == "testserver"
    assert knock(peer="10.0.0.1", **said)[1:] == ("10.0.0.1", "http")
    settings.PORTICO_TRUSTED_PROXIES = ["10.0.0.0/8"]
    said["x-forwarded-host"] = "evil.example, testserver"
    requested, address, scheme = knock(host="inner:8000", peer="10.0.0.1", **said)
    assert (requested.host, address, scheme) == ("testserver", "198.51.100.7", "https")
    assert knock(host="testserver", peer="::ffff:10.0.0.1", **said)[1] == "198.51.100.7"
    assert knock(host="testserver", peer="192.0.2.1", **said)[1:] == ("192.0.2.1", "http")


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("6.6.6.6, 198.51.100.7", "198.51.100.7"),
        ("6.6.6.6, 198.51.100.7, 10.2.2.2", "198.51.100.7"),
        ("198.51.100.7:4711", "198.51.100.7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("10.9.9.9", "10.9.9.9"),
        ("evil<script>", "10.0.0.1"),
        ("", "10.0.0.1"),
    ],
)
def test_the_visitor_is_the_last_address_no_proxy_of_ours_has(settings: Settings, forwarded: str, address: str) -> None:
    settings.PORTICO_TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert knock(peer="10.0.0.1", **{"x-forwarded-for": forwarded})[1] == address


@pytest.mark.parametrize(("peer", "address"), [("fe80::1%eth0", "fe80::1"), ("", ""), ("/run/portico.sock", "")])
def test_an_address_is_an_address_or_nothing(peer: str, address: str) -> None:
    assert knock(peer=peer)[1] == address


def test_a_request_of_an_https_installation_counts_as_https(settings: Settings) -> None:
    settings.PORTICO_HTTPS = True
    assert knock()[2] == "https"


@pytest.mark.django_db
@pytest.mark.parametrize("domain", ["", "pay.example"])
def test_a_link_opens_where_it_was_built_for_and_its_forms_work_there(settings: Settings, domain: str) -> None:
    settings.PORTICO_PORTAL_DOMAIN = domain
    settings.PORTICO_BASE_URL, settings.PORTICO_HTTPS = "https://testserver", True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.CSRF_TRUSTED_ORIGINS = ["https://testserver"]
    business = create_business(BusinessInput("Nordlicht", "nordlicht", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)
    customer, _ = upsert_customer(business, CustomerInput("c-1", name="Acme"), by=OPERATOR)
    secret = regenerate_portal_link(customer, by=OPERATOR)[1]
    link = urlsplit(link_url(business, secret))
    assert link.scheme == "https"
    assert link.netloc == (f"nordlicht.{domain}" if domain else "testserver")
    client = Client(headers={"host": link.netloc}, enforce_csrf_checks=True)
    home = client.get(link.path).headers["Location"]
    assert home == ("/" if domain else "/portal/nordlicht/")
    page = client.get(home)
    token = page.content.decode().partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    form, origin = {"csrfmiddlewaretoken": token}, f"https://{link.netloc}"
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {"referer": "https://evil.example/"}, {}):
        assert client.post(home + "sign-out", form, headers=headers).status_code == 403
    assert client.post(home + "sign-out", {}, headers={"origin": origin}).status_code == 403
    assert PortalSession.objects.get().ended_at is None
    assert client.post(home + "sign-out", form, headers={"origin": origin}).status_code == 303
    assert PortalSession.objects.get().ended_at is not None


@pytest.mark.django_db
def test_no_link_is_built_from_what_a_request_says(settings: Settings) -> None:
    settings.PORTICO_TRUSTED_PROXIES = ["127.0.0.1"]
    business = create_business(BusinessInput("Nordlicht", "nordlicht", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)
    customer, _ = upsert_customer(business, CustomerInput("c-1", name="Acme"), by=OPERATOR)
    secret = regenerate_portal_link(customer, by=OPERATOR)[1]
    client = Client(headers={"host": "testserver:666", "x-forwarded-host": "testserver:666"})
    response = client.get(f"/portal/nordlicht/s/{secret}")
    assert response.headers["Location"] == "/portal/nordlicht/"
    assert b"666" not in client.get("/portal/nordlicht/").content
