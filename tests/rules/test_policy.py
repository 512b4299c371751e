"""The Content-Security-Policy of every answer of every front end, each directive exactly, and the few that differ.

The policy is written out here once more on purpose: a change of it is made twice, or not at all.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from conftest import Clock
from portico.config.mailers import demo_mailers
from portico.domain.access.links.actions.make_portal_link import api_portal_url, regenerate_portal_link
from portico.domain.activity.actor import OPERATOR
from portico.domain.branding.actions.change_stylesheet import change_stylesheet
from portico.domain.branding.actions.trusted_sites import trust_site
from portico.domain.branding.sites import DIRECTIVES, Use
from portico.domain.businesses.actions.change_embedding import change_embedding
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.documents.actions.link import link_to
from portico.domain.documents.models import Kind
from portico.lib.faults import Fault, forget, note
from portico.web.dashboard.documents import list as dashboard_documents
from portico.web.portal.files import list as portal_documents
from tests.cast import HOST, Cast, make_cast
from tests.rules.routes import filled
from tests.rules.test_gates import FORMS, PREFIX, PUBLIC, Answer, pages, read
from tests.rules.test_strangers import API_CASES, DASHBOARD_CASES, PORTAL_CASES, Page, mail_to

type Policy = dict[str, set[str]]

MAIL: Policy = {
    "default-src": {"'none'"},
    "style-src": {"'unsafe-inline'"},
    "img-src": {"data:"},
    "form-action": {"'none'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'self'"},
    "sandbox": {"allow-popups", "allow-popups-to-escape-sandbox"},
}
PAGE: Policy = {
    "default-src": {"'none'"},
    "script-src": {"nonce", "'strict-dynamic'"},
    "style-src": {"'self'", "nonce"},
    "img-src": {"'self'", "data:"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
    "object-src": {"'none'"},
    "frame-ancestors": {"'none'"},
}
# A file is saved and never opened in place; if a browser opens it all the same, it may do nothing.
FILE: Policy = {"sandbox": set()}
DIFFERENT: dict[str, Policy] = {
    # Has the preview in frames,
    "settings/brand": PAGE | {"frame-src": {"'self'"}},
    # and this is the preview: nothing in it can be sent.
    "settings/brand/preview": PAGE | {"frame-ancestors": {"'self'"}, "form-action": {"'none'"}},
    # Has a customer's portal in a frame,
    "settings/embedding/example": PAGE | {"frame-src": {"http://testserver"}},
    # As of mail: its preview is in a frame,
    "settings/mail/texts/<str:name>/<str:language>": PAGE | {"frame-src": {"'self'"}},
    "settings/mail/texts/<str:name>/<str:language>/preview": MAIL,
    # Shows a demonstration's mail in a frame,
    "dev/outbox/<str:name>": PAGE | {"frame-src": {"'self'"}},
    # and this is the frame: a mail styles its elements one by one, and may neither run, load nor send anything.
    "dev/outbox/<str:name>.html": MAIL,
}
# What shows and does not run, by the uses of trusted sites.
SHOWN = (Use.STYLE, Use.IMAGE, Use.FONT, Use.MEDIA)
_NONCE = re.compile(r"'nonce-([\w+/=-]{22,})'")


@pytest.fixture
def cast(db: None, clock: Clock, settings: Settings) -> Cast:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.PORTICO_DEMO, settings.MAILERS = True, demo_mailers()
    made = make_cast()
    mail_to(made.owner)
    return made


def wrong(answer: Answer, policy: Policy = PAGE) -> Iterator[str]:
    """Say what is wrong with an answer's policy."""
    said = answer.headers.get("Content-Security-Policy")
    if said is None:
        yield "no policy"
        return
    if "Content-Security-Policy-Report-Only" in answer.headers:
        yield "a policy that is only reported"
    nonces, used = set(_NONCE.findall(said)), set(re.findall(r'nonce="([^"]*)"', answer.text))
    if len(nonces) > 1 or nonces != used:
        yield f"the policy has {nonces}, the page {used}"
    if not nonces:
        # What runs nothing and has no styles of its own allows neither.
        policy = {name: sources - {"nonce"} for name, sources in policy.items()}
    asked = FILE if "Content-Disposition" in answer.headers else policy
    parts = [part.split() for part in _NONCE.sub("nonce", said).split(";")]
    if (found := {name: set(sources) for name, *sources in parts}) != asked or len(parts) != len(found):
        yield said


def faults(client: Client, prefix: str, paths: dict[str, str], seen: set[int], expected: Policy = PAGE) -> list[str]:
    """Ask for every address and send something to it; return what is wrong, and add to `seen` how pages answered."""
    found = []
    for route, path in sorted(paths.items(), key=lambda item: item[0] in {"sign-out", "accounts/logout/"}):
        for method in ("GET", "POST"):
            form = FORMS.get(route, {}) if method == "POST" else {}
            answer = read(client.post(prefix + path, form) if method == "POST" else client.get(prefix + path))
            policy = DIFFERENT.get(route, expected) if answer.status in {200, 422} else expected
            found += [f"{method} {route} ({answer.status}): {fault}" for fault in wrong(answer, policy)]
            if answer.text.startswith("<!doctype") or "<html" in answer.text:
                seen.add(answer.status)
    return found


def public_urls(*secrets: str) -> dict[str, str]:
    """Every public page of the portal, with a secret that nobody has and with these."""
    found: dict[str, str] = {}
    for route in sorted(PUBLIC):
        for secret in ("pl_unknown", *secrets) if "<" in route else ("",):
            found[f"{route} {secret[:3]}{len(found)}"] = filled(route, {"secret": secret, "token": secret})
    return found


def test_every_page_of_the_portal(cast: Cast) -> None:
    owner, seen = cast.owner, set[int]()
    _grant, of_invoice = link_to(owner.customer, owner.of(Kind.INVOICE).ref, by=OPERATOR)
    narrow = Client(headers={"host": HOST})
    narrow.get(f"{PREFIX}s/{of_invoice}")
    nobody, paths = Client(headers={"host": HOST}), pages(owner) | {"nowhere": "no/such/page"}
    for browser in (nobody, narrow, cast.neighbour.browser(), owner.browser()):
        assert faults(browser, PREFIX, paths, seen) == []
    assert {200, 403, 404} <= seen, "there were pages, step-up cards and refusals among them"


def test_every_page_of_the_portal_in_a_frame(cast: Cast) -> None:
    """Only what a portal URL opened in a frame may be shown in one, by the registered sites and by no other."""
    owner, seen = cast.owner, set[int]()
    origins = ["https://shop.example", "https://test.shop.example:8443"]
    change_embedding(owner.business, origins, by=OPERATOR)
    _grant, secret = api_portal_url(owner.customer, by=OPERATOR)
    framed = Client(headers={"host": HOST, "sec-fetch-dest": "iframe", "sec-fetch-site": "same-origin"})
    framed.get(f"{PREFIX}s/{secret}")
    paths = pages(owner) | {"nowhere": "no/such/page"}
    assert faults(framed, PREFIX, paths, seen, PAGE | {"frame-ancestors": set(origins)}) == []
    assert {200, 404, 422} <= seen
    # Around the very same sessions of tabs nothing may stand, although sites are registered.
    assert faults(owner.browser(), PREFIX, paths, seen) == []


def test_every_public_page_and_refusal(cast: Cast, clock: Clock) -> None:
    owner, seen = cast.owner, set[int]()
    _grant, of_invoice = link_to(owner.customer, owner.of(Kind.INVOICE).ref, by=OPERATOR)
    paths = public_urls(owner.secret, of_invoice)
    regenerate_portal_link(owner.customer, by=OPERATOR)
    assert faults(Client(headers={"host": HOST}), PREFIX, paths, seen) == []
    clock.instant += timedelta(days=400)
    assert faults(Client(headers={"host": HOST}), PREFIX, paths, seen) == []
    assert {200, 403, 404} <= seen
    assert faults(Client(headers={"host": HOST}), "/portal/nobody/", paths, seen) == []
    change_portal_settings(owner.business, {"portal_enabled": False}, by=OPERATOR)
    assert faults(Client(headers={"host": HOST}), PREFIX, paths | pages(owner), seen) == []


@pytest.mark.parametrize("own_host", [True, False])
def test_a_business_s_own_sites_are_on_pages_alone(cast: Cast, settings: Settings, own_host: bool) -> None:
    """Where somebody signs in, proves who they are, pays or agrees to pay, the policy is the same as everywhere else.

    What runs is allowed at a host of its own alone: on the base host it would run in the origin of the dashboard.
    """
    settings.PORTICO_PORTAL_DOMAIN = "pay.example" if own_host else ""
    owner = cast.owner
    guarded = re.compile(
        r"step-up.*|pay(/.*)?|accounts|billing-details/(payment-methods.*|autopay|email)|.*/(promise|payment-plan)"
        r"|estimates/[^/]*"
    )
    change_stylesheet(owner.business, ".po-btn{color:red}", on=True, by=OPERATOR)
    for use in Use:
        trust_site(owner.business, f"https://{use}.example.com", [use], by=OPERATOR)
    sites = {DIRECTIVES[use]: {f"https://{use}.example.com"} for use in (Use if own_host else SHOWN)}
    wide = {name: PAGE.get(name, set()) | sites.get(name, set()) for name in PAGE | sites}
    if own_host:
        wide["script-src"] = {"nonce", "https://script.example.com"}
    prefix = "/" if own_host else PREFIX
    wide |= {"report-uri": {f"{prefix}policy-report"}, "report-to": {"portico"}}
    browser, seen = owner.browser(), {"wide": 0, "strict": 0}
    if own_host:
        browser = Client(headers={"host": "nordlicht.pay.example"})
        browser.get(f"/s/{owner.secret}")
    for route, path in sorted(pages(owner).items()):
        answer = read(browser.get(prefix + path))
        if answer.status != 200 or "<html" not in answer.text:
            continue
        strict = bool(guarded.fullmatch(route))
        assert list(wrong(answer, PAGE if strict else wide)) == [], route
        assert (".css" in answer.text.partition("/brand/")[2][:60]) is not strict, route
        endpoints = None if strict else f'portico="{prefix}policy-report"'
        assert answer.headers.get("Reporting-Endpoints") == endpoints, route
        seen["strict" if strict else "wide"] += 1
    assert seen["wide"] > 10
    assert seen["strict"] > 4


@pytest.mark.parametrize("who", ["staff", "stranger", "nobody"])
def test_every_page_of_the_dashboard(cast: Cast, who: str) -> None:
    paths, seen = {"nowhere": "no/such/page"}, set[int]()
    for route, case in DASHBOARD_CASES.items():
        values = case.values[0] if isinstance(case, Page) else {case.parameter: case.ids(cast.owner)[0], **case.also}
        paths[route] = filled(route, values)
    client = Client(headers={"host": HOST})
    if who != "nobody":
        client.force_login(cast.staff if who == "staff" else cast.stranger_staff)
    assert faults(client, "/", paths, seen) == []
    assert {"staff": {200, 404}, "stranger": {200, 404}, "nobody": {200}}[who] <= seen


def test_every_address_of_the_api(cast: Cast) -> None:
    paths = {}
    for route, case in API_CASES.items():
        values = case.values[0] if isinstance(case, Page) else {case.parameter: case.ids(cast.owner)[0], **case.also}
        paths[route] = filled(route, values)
    client = Client(headers={"host": HOST, "authorization": f"Bearer {cast.api_key}"})
    assert faults(client, "/", paths, set()) == []


def test_pages_that_say_that_something_went_wrong(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(forget)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(portal_documents, "customer_page", fail)
    monkeypatch.setattr(dashboard_documents, "staff_answer", fail)
    customer, staff = cast.owner.browser(), Client(headers={"host": HOST})
    staff.force_login(cast.staff)
    customer.raise_request_exception = staff.raise_request_exception = False
    for client, path in ((customer, f"{PREFIX}documents"), (staff, "/documents")):
        failed = read(client.get(path))
        assert (failed.status, list(wrong(failed))) == (500, [])
    strict = Client(headers={"host": HOST}, enforce_csrf_checks=True)
    strict.cookies = customer.cookies
    for path in (f"{PREFIX}sign-out", f"{PREFIX}sign-in", "/accounts/login/"):
        refused = read(strict.post(path))
        assert (refused.status, list(wrong(refused))) == (403, [])
    note(Fault.AWAY, OSError("The database is away."))
    api = Client(headers={"host": HOST, "authorization": f"Bearer {cast.api_key}"})
    for client, path in ((customer, PREFIX), (staff, "/documents"), (api, "/api/v1/customers")):
        away = read(client.get(path))
        assert (away.status, list(wrong(away))) == (503, [])


def test_a_nonce_is_used_once(cast: Cast) -> None:
    browser = cast.owner.browser()
    asked = [browser.get(PREFIX).headers["Content-Security-Policy"] for _ in range(2)]
    first, second = (set(_NONCE.findall(said)) for said in asked)
    assert len(first | second) == 2


def test_the_exceptions_are_addresses_that_exist() -> None:
    assert set(DIFFERENT) <= set(DASHBOARD_CASES) | set(PORTAL_CASES)
