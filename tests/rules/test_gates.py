"""The portal's gates, in front of every address alike: pages, PDFs, tables, files and whatever is added."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from pytest_django import Settings

from conftest import Clock
from portico.config.masking import MaskingFormatter
from portico.domain.access.links.actions.make_portal_link import regenerate_portal_link
from portico.domain.access.links.actions.revoke import revoke
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.documents.models import Kind
from portico.domain.files.actions.store import FileInput, store_file
from portico.web.portal.core.kinds import SLUGS
from tests.cast import CODE, HOST, NAME, Account, make_account, new_business
from tests.rules.routes import PORTAL, filled, routes
from tests.rules.test_strangers import everything

PREFIX = "/portal/nordlicht/"
FORMS = {
    "language": {"language": "en"},
    "sessions/<str:name>/end": {},
    "sessions/end-others": {},
    "sign-out": {},
    "accounts": {},
}
# What a session by link opens to nobody: its reader has proved no address.
PROVED_ONLY = {"accounts"}
# Pages whose form comes back to them.
EDITS = {
    "billing-details/edit", "billing-details/email", "billing-details/contacts/new", "billing-details/mail",
    "billing-details/contacts/<str:key>", "billing-details/contacts/<str:key>/remove", "step-up", "step-up/code",
    "pay", "pay/<str:name>", "billing-details/autopay", "billing-details/payment-methods/new",
    "billing-details/payment-methods/<str:key>/default", "billing-details/payment-methods/<str:key>/remove",
    "estimates/<str:name>/approve", "estimates/<str:name>/decline",
    "invoices/<str:name>/promise", "invoices/<str:name>/payment-plan", "messages",
    "comments/<str:key>/edit", "comments/<str:key>/remove",
    *(f"{SLUGS[kind]}/<str:name>/comments" for kind in Kind),
}  # fmt: skip
PUBLIC = {
    "s/<str:secret>", "s/<str:secret>.pdf", "s/<str:secret>/fresh", "signed-out",
    "login/<str:token>", "login/<str:token>/fresh",
    "sign-in", "sign-in/code", "sign-in/account", "sign-in/<str:secret>",
    "email/<str:secret>", "email-undo/<str:secret>", "pay/back/<str:token>", "unsubscribe/<str:token>",
    "billing-details/payment-methods/back",
}  # fmt: skip
# What everybody may see, signed in or not, also where the portal is off.
OPEN = {"brand/<str:name>", "policy-report", "portico-embed.js"}


@pytest.fixture
def owner(db: None, clock: Clock) -> Account:
    return make_account(new_business("nordlicht"), NAME, CODE)


def pages(owner: Account) -> dict[str, str]:
    """Every address of the portal behind the gates, filled in with what is the owner's: route to path."""
    names = {SLUGS[kind]: owner.of(kind).public_id for kind in Kind} | {
        "payments": owner.payment.public_id,
        "pay": owner.attempt.public_id,
        "sessions": owner.session.public_id,
    }
    file = {"key": owner.files[0].public_id, "name": owner.files[0].name}
    contact = {"key": owner.customer.contacts.get().public_id}
    method = {"key": owner.method.public_id}
    said = {"key": owner.comment.public_id}
    said_file = {"key": owner.comment_file.public_id, "name": owner.comment_file.name}
    found = {}
    for route in routes(PORTAL):
        if route not in PUBLIC | OPEN:
            name = names.get(route.partition("/")[0], "")
            keyed = contact if "contacts" in route else method if "methods" in route else file
            if route.startswith("comments/"):
                keyed = said if "files" not in route else said_file
            key = keyed if "<str:key>" in route else {}
            found[route] = filled(route, {"slug": "invoices", "name": name} | key)
    invoice = owner.of(Kind.INVOICE).public_id
    named = {route for route in found if "selection" in route or route in {"pay", "pay/credits"}}
    # The whole of it: of an invoice whose payment plan awaits an approval, the pay page shows that plan first.
    query = f"?invoice={invoice}&whole=1"
    return {route: path + (query if route in named else "") for route, path in found.items()}


@dataclass(frozen=True)
class Answer:
    """A response, read to its end."""

    status: int
    text: str
    headers: Mapping[str, str]


def knock(client: Client, route: str, path: str, method: str = "") -> Answer:
    """Use an address as it is meant to be used, or by another method."""
    posts = route in FORMS or route.endswith(("/viewed", "/read"))
    chosen = method or ("POST" if posts else "GET")
    if chosen == "POST":
        return read(client.post(PREFIX + path, FORMS.get(route, {})))
    return read(client.generic(chosen, PREFIX + path))


def read(response: Any) -> Answer:
    """Read a response and let go of what it is read from, as a server does."""
    content: bytes = response.getvalue()
    # Not `response.close()`: that ends the request, and the test's database connection with it.
    for let_go in response._resource_closers:
        let_go()
    # Without its forms' tokens: they are random and may spell anything.
    text = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", content.decode("utf-8", "replace"))
    return Answer(response.status_code, text, response.headers)


def test_every_address_opens_for_its_owner_and_keeps_what_it_shows_private(owner: Account) -> None:
    browser = owner.browser()
    for route, path in pages(owner).items():
        if route == "sign-out" or route in PROVED_ONLY:
            continue
        response = knock(browser, route, path)
        assert response.status in {200, 204, 302, 303}, route
        assert response.headers["Cache-Control"] in {"no-store", "private, no-cache"}, route
        assert {"Cookie", "Host"} <= set(response.headers["Vary"].split(", ")), route
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow", route
        assert response.headers["X-Content-Type-Options"] == "nosniff", route
        assert response.headers["Referrer-Policy"] == "same-origin", route
        if "Content-Disposition" in response.headers:
            assert response.headers["Content-Disposition"].startswith("attachment"), route
            assert response.headers["Content-Security-Policy"] == "sandbox", route
            assert response.headers["Cache-Control"] == "no-store", route
        else:
            assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"], route


def test_looking_changes_nothing(owner: Account) -> None:
    browser, paths = owner.browser(), pages(owner)
    before = everything()
    for route, path in paths.items():
        for method in ("GET", "HEAD", "OPTIONS"):
            knock(browser, route, path, method)
        assert knock(browser, route, path, "HEAD").text == "", route
    assert browser.head(f"{PREFIX}s/{owner.secret}").status_code == 303
    assert everything() == before


def switch_off(owner: Account) -> None:
    change_portal_settings(owner.business, {"portal_enabled": False}, by=OPERATOR)


def revoked(owner: Account) -> None:
    revoke(owner.grant, by=OPERATOR)


def regenerated(owner: Account) -> None:
    regenerate_portal_link(owner.customer, by=OPERATOR)


def nothing(owner: Account) -> None:
    """The clock moves, and that is all."""


@pytest.mark.parametrize(
    ("action", "wait", "status", "heading"),
    [
        (switch_off, timedelta(), 404, "Portal not available"),
        (revoked, timedelta(), 403, "Access denied"),
        (regenerated, timedelta(), 403, "Access denied"),
        (nothing, timedelta(days=30), 403, "This link has expired"),
        (nothing, timedelta(hours=2), 403, "Your session has ended"),
    ],
)
def test_a_closed_gate_closes_everything_at_once(
    owner: Account, clock: Clock, action: Callable[[Account], None], wait: timedelta, status: int, heading: str
) -> None:
    browser, paths = owner.browser(), pages(owner)
    action(owner)
    clock.instant += wait
    before = everything()
    for route, path in [*paths.items(), ("nowhere", "nowhere"), ("static", "static/portico/portico.css")]:
        for method in ("", "HEAD", "POST", "DELETE") if route in {"", "statements.pdf", "nowhere"} else ("", "HEAD"):
            response = knock(browser, route, path, method)
            assert response.status == status, (route, method)
            if method != "HEAD":
                assert heading in response.text, (route, method)
            assert NAME not in response.text, (route, method)
            assert response.headers["Cache-Control"] == "no-store"
    assert everything() == before


def test_a_session_ends_after_half_a_day_however_busy_it_is(owner: Account, clock: Clock) -> None:
    browser = owner.browser()
    step = timedelta(minutes=90)
    for _ in range(timedelta(hours=12) // step - 1):
        clock.instant += step
        assert knock(browser, "", "").status == 200
    clock.instant += step
    assert "Your session has ended" in knock(browser, "", "").text


def test_a_portal_that_is_off_lets_nobody_in_by_any_way(owner: Account) -> None:
    switch_off(owner)
    before = everything()
    for client in (Client(headers={"host": HOST}), Client(headers={"host": HOST}, enforce_csrf_checks=True)):
        public_urls = (f"s/{owner.secret}", "s/pl_unknown", "s/dl_unknown.pdf", "login/x", "signed-out")
        for path in (*public_urls, "", "statements.pdf", "no/such/page"):
            for method in ("GET", "HEAD", "POST", "PUT"):
                response = read(client.generic(method, PREFIX + path))
                assert response.status == 404, (method, path)
                assert method == "HEAD" or "Portal not available" in response.text, (method, path)
        assert not client.cookies
    assert everything() == before


@pytest.mark.parametrize(
    ("switch", "hidden"),
    [
        ("show_statements", ["statements", "statements.csv", "statements.xlsx", "statements.pdf"]),
        ("allow_contact_edits", ["billing-details/edit", "billing-details/email", "billing-details/contacts/new"]),
        ("show_credit_notes", ["credit-notes/{cn}", "credit-notes/{cn}.pdf", "activity/credit-notes",
                               "activity/credit-notes.csv", "activity/credit-notes.xlsx",
                               "activity/credit-notes.pdf", "activity/credit-notes.zip",
                               "files/{file}"]),
        ("allow_messages", ["messages", "messages?stamp=x"]),
        ("show_sales_orders", ["sales-orders/{so}", "sales-orders/{so}.pdf", "activity/sales-orders",
                               "activity/sales-orders.csv", "activity/sales-orders.pdf",
                               "activity/sales-orders.zip"]),
    ],
)  # fmt: skip
def test_a_section_that_is_switched_off_is_not_there(owner: Account, switch: str, hidden: list[str]) -> None:
    note = owner.of(Kind.CREDIT_NOTE)
    file = store_file(owner.customer, note.ref, "note.txt", b"note", FileInput(visible=True), by=OPERATOR)
    names = {
        "cn": note.public_id,
        "so": owner.of(Kind.SALES_ORDER).public_id,
        "file": f"{file.public_id}/note.txt",
    }
    browser, paths = owner.browser(), [PREFIX + path.format(**names) for path in hidden]
    change_portal_settings(owner.business, {switch: True}, by=OPERATOR)
    for path in paths:
        assert read(browser.get(path)).status == 200, path
    change_portal_settings(owner.business, {switch: False}, by=OPERATOR)
    for path in paths:
        response = read(browser.get(path))
        assert response.status == 404, path
        assert "This page is not here" in response.text, path
    assert not any(path in knock(browser, "", "").text for path in paths)


def test_every_form_needs_its_token(owner: Account) -> None:
    browser = owner.browser()
    strict = Client(headers={"host": HOST}, enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    before = everything()
    for route, path in pages(owner).items():
        response = read(strict.post(PREFIX + path, FORMS.get(route, {})))
        is_form = route in FORMS or route in EDITS or route.endswith(("/viewed", "/read"))
        assert response.status == (403 if is_form else 405), route
    assert everything() == before


def test_a_secret_is_kept_nowhere(owner: Account, settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "django.request")
    caplog.handler.setFormatter(MaskingFormatter())
    client = Client(headers={"host": HOST})
    client.get(f"{PREFIX}s/{owner.secret}")
    token = next(morsel.value for morsel in client.cookies.values() if "csrf" not in morsel.key)
    client.get(PREFIX)
    regenerated(owner)
    client.get(f"{PREFIX}s/{owner.secret}")
    client.get(f"{PREFIX}s/{owner.secret[:-1]}x")
    client.post(f"{PREFIX}s/{owner.secret}")
    secrets = (owner.secret, owner.colleague_secret, token)
    rows: list[Any] = [row for model in apps.get_models() for row in model._base_manager.values_list()]
    assert len(rows) > 30
    for secret in secrets:
        # What tells a secret apart is behind its first characters, which people see in lists of links.
        assert not [row for row in rows if secret[10:] in repr(row)]
        assert secret[10:-7] not in caplog.text
    assert "/s/…" in caplog.text, "that a link was refused is logged"
