"""What a page is answered with besides its content: a nonce and a form token of its own, and its headers."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.ledger.tests.history import new_document
from portico.web.portal.conftest import Visitor, days_ago
from portico.web.portal.core.gate import cookie_name

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


def test_every_response_has_a_nonce_and_a_token_of_its_own(visitor: Visitor) -> None:
    pages = [visitor.get("/") for _ in range(3)]
    assert len({nonce_of(page) for page in pages}) == 3
    assert len({token_of(page) for page in pages}) == 3


def test_form_with_the_token_of_its_page_is_accepted_and_another_is_refused(visitor: Visitor) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "testserver"})
    name = cookie_name(visitor.business.slug)
    strict.cookies[name] = visitor.client.cookies[name].value
    page = strict.get(visitor.url("home"))
    form = {"language": "de", "next": visitor.url("home")}
    refused = strict.post(visitor.url("language"), form | {"csrfmiddlewaretoken": "x" * 64})
    assert refused.status_code == 403
    assert '<html lang="en"' in visitor.page("home"), "a refused form changes nothing"
    token = token_of(page)  # type: ignore[arg-type]  # what the client gives is the view's response
    assert strict.post(visitor.url("language"), form | {"csrfmiddlewaretoken": token}).status_code == 302
    assert '<html lang="de"' in visitor.page("home")


def test_recorded_document_shows_on_the_next_page(visitor: Visitor, acme: Customer, invoice: Document) -> None:
    visitor.get(LIST)
    later = new_document(acme, 200, days_ago(2))
    assert later.number in visitor.get(LIST).content.decode()


def test_htmx_gets_the_region_and_everything_else_the_page(visitor: Visitor, invoice: Document) -> None:
    htmx = {"HX-Request": "true", "HX-Target": "results"}
    assert "<html" in visitor.get(LIST).content.decode()
    region = visitor.get(LIST, **htmx)
    assert "<html" not in region.content.decode()
    assert region.headers["HX-Push-Url"].endswith(LIST)
    assert "HX-Target" in region.headers["Vary"]
    assert "<html" in visitor.get(LIST, **htmx, **{"HX-History-Restore-Request": "true"}).content.decode()


def test_refused_period_has_no_tag(visitor: Visitor) -> None:
    wrong = visitor.url("statements") + "?start=2027-01-01"
    response = visitor.get(wrong)
    assert response.status_code == 400
    assert "ETag" not in response.headers


def test_head_has_the_headers_of_get(visitor: Visitor, invoice: Document) -> None:
    got = visitor.get(LIST)
    head = visitor.client.head(visitor.url("activity_of_kind", "invoices"))
    assert head.status_code == 200
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.headers["HX-Push-Url"] == got.headers["HX-Push-Url"]
