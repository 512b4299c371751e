"""A page asked for again comes from the server's memory, with what only this response may have, and to nobody else."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from portico.domain.access.actions.grant import regenerate_portal_link
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.ledger.tests.history import new_document
from portico.web.portal.gate import cookie_name
from portico.web.portal.kept import Kept, KeptPages
from portico.web.portal.tests.conftest import SignIn, Visitor, at_most, days_ago

pytestmark = pytest.mark.django_db

LIST = "/activity/invoices"


@pytest.fixture
def invoice(acme: Customer) -> Document:
    return new_document(acme, 100, days_ago(3))


def nonce_of(response: HttpResponse) -> str:
    """The one nonce of a page, which its policy names too."""
    nonce: str
    (nonce,) = set(re.findall(r'nonce="([^"]*)"', response.content.decode()))
    assert f"'nonce-{nonce}'" in response.headers["Content-Security-Policy"]
    return nonce


def token_of(response: HttpResponse) -> str:
    token: str
    (token,) = set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]*)"', response.content.decode()))
    return token


def without_its_own(response: HttpResponse) -> str:
    """A page without what is new in every response."""
    return response.content.decode().replace(nonce_of(response), "").replace(token_of(response), "")


def test_a_page_asked_for_again_is_the_same_page_from_one_query(visitor: Visitor, invoice: Document) -> None:
    for path in ["/", LIST, visitor.url("invoice", invoice.public_id), visitor.url("statements")]:
        first = visitor.get(path)
        with at_most(1):
            again = visitor.get(path)
        assert again.status_code == 200
        assert without_its_own(again) == without_its_own(first)
        assert {name: again.headers[name] for name in again.headers if name != "Content-Security-Policy"} == {
            name: first.headers[name] for name in first.headers if name != "Content-Security-Policy"
        }


def test_every_response_has_a_nonce_and_a_token_of_its_own(visitor: Visitor) -> None:
    pages = [visitor.get("/") for _ in range(3)]
    assert len({nonce_of(page) for page in pages}) == 3
    assert len({token_of(page) for page in pages}) == 3


def test_a_kept_page_s_forms_work_in_a_browser_with_another_secret(visitor: Visitor, acme: Customer) -> None:
    visitor.get("/")
    strict = Client(enforce_csrf_checks=True, headers={"host": "testserver"})
    name = cookie_name(visitor.business.slug)
    strict.cookies[name] = visitor.client.cookies[name].value
    with at_most(1):
        page = strict.get(visitor.url("home"))
    form = {"language": "de", "next": visitor.url("home")}
    refused = strict.post(visitor.url("language"), form | {"csrfmiddlewaretoken": "x" * 64})
    assert refused.status_code == 403
    assert '<html lang="en"' in visitor.page("home"), "a refused form changes nothing"
    token = token_of(page)  # type: ignore[arg-type]  # what the client gives is the view's response
    assert strict.post(visitor.url("language"), form | {"csrfmiddlewaretoken": token}).status_code == 302
    assert '<html lang="de"' in visitor.page("home")


def test_what_is_recorded_shows_at_once(visitor: Visitor, acme: Customer, invoice: Document) -> None:
    visitor.get(LIST)
    later = new_document(acme, 200, days_ago(2))
    assert later.number in visitor.get(LIST).content.decode()


def test_another_session_never_gets_it(
    visitor: Visitor, stranger: Visitor, sign_in: SignIn, acme: Customer, invoice: Document
) -> None:
    path = visitor.url("invoice", invoice.public_id)
    assert visitor.get(path).status_code == 200
    assert stranger.get(path).status_code == 404
    assert invoice.number not in stranger.get(LIST).content.decode()
    colleague = sign_in(acme)
    assert colleague.get(path).status_code == 200


def test_a_link_that_has_ended_opens_no_kept_page(visitor: Visitor, acme: Customer, invoice: Document) -> None:
    visitor.get(LIST)
    regenerate_portal_link(acme, by=OPERATOR)
    refused = visitor.get(LIST)
    assert refused.status_code == 403
    assert invoice.number not in refused.content.decode()


def test_a_closed_portal_shows_no_kept_page(visitor: Visitor, business: Business) -> None:
    visitor.get("/")
    business.portal_enabled = False
    business.save()
    assert visitor.get("/").status_code == 404


def test_a_region_and_its_page_are_two(visitor: Visitor, invoice: Document) -> None:
    htmx = {"HX-Request": "true", "HX-Target": "results"}
    for _ in range(2):
        assert "<html" in visitor.get(LIST).content.decode()
        region = visitor.get(LIST, **htmx)
        assert "<html" not in region.content.decode()
        assert region.headers["HX-Push-Url"].endswith(LIST)
        assert "HX-Target" in region.headers["Vary"]
        assert "<html" in visitor.get(LIST, **htmx, **{"HX-History-Restore-Request": "true"}).content.decode()


def test_what_is_no_page_is_asked_again(visitor: Visitor) -> None:
    wrong = visitor.url("statements") + "?start=2027-01-01"
    for _ in range(2):
        response = visitor.get(wrong)
        assert response.status_code == 400
        assert "ETag" not in response.headers


def test_head_has_the_headers_of_get(visitor: Visitor, invoice: Document) -> None:
    got = visitor.get(LIST)
    head = visitor.client.head(visitor.url("activity_of_kind", "invoices"))
    assert head.status_code == 200
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.headers["HX-Push-Url"] == got.headers["HX-Push-Url"]


def test_the_store_never_outgrows_its_room() -> None:
    store = KeptPages(room=100)
    for name in ("a", "b", "c"):
        store.put(name, Kept(b"x" * 30, {}))
    assert store.get("a")
    store.put("d", Kept(b"x" * 30, {}))
    assert [name for name in "abcd" if store.get(name)] == ["a", "c", "d"], "the least recently used went"
    store.put("a", Kept(b"x" * 90, {}))
    assert [name for name in "abcd" if store.get(name)] == ["a"]
    store.put("a", Kept(b"x" * 101, {}))
    assert not any(store.get(name) for name in "abcd"), "a page too large takes nobody's place, nor an old one its own"
