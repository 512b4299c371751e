"""Pages go out compressed, never twice with the same length; files and answers to programs as they are."""

import gzip

import pytest
from django.test import Client

from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.ledger.tests.history import new_document
from portico.web.portal.conftest import Visitor, days_ago

pytestmark = pytest.mark.django_db

BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}


@pytest.fixture
def invoice(acme: Customer) -> Document:
    return new_document(acme, 100, days_ago(1))


def test_a_page_is_compressed_for_who_can_read_it(visitor: Visitor, invoice: Document) -> None:
    path = visitor.url("activity_of_kind", "invoices")
    plain, packed = visitor.get(path), visitor.get(path, **BROWSER)
    assert "Content-Encoding" not in plain.headers
    assert (packed.headers["Content-Encoding"], packed.headers["Content-Length"]) == ("gzip", str(len(packed.content)))
    assert len(packed.content) < len(plain.content) / 2
    assert invoice.number in gzip.decompress(packed.content).decode()
    for response in (plain, packed):
        assert {"Accept-Encoding", "Cookie"} <= {name.strip() for name in response.headers["Vary"].split(",")}


def test_its_length_tells_nothing_of_what_it_holds(visitor: Visitor, invoice: Document) -> None:
    path = visitor.url("activity_of_kind", "invoices")
    assert len({len(visitor.get(path, **BROWSER).content) for _ in range(12)}) > 4


def test_an_unchanged_page_stays_unchanged(visitor: Visitor, invoice: Document) -> None:
    path = visitor.url("activity_of_kind", "invoices")
    tag = visitor.get(path, **BROWSER).headers["ETag"]
    again = visitor.get(path, **BROWSER, **{"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert "Content-Encoding" not in again.headers


def test_files_and_answers_to_programs_go_out_as_they_are(visitor: Visitor, invoice: Document) -> None:
    pdf = visitor.get(visitor.url("invoice_pdf", invoice.public_id), **BROWSER)
    table = visitor.get(visitor.url("activity_csv", "invoices"), **BROWSER)
    program = Client().get("/api/v1/openapi.json", headers={"host": "testserver"} | BROWSER)
    for response in (pdf, table, program):
        assert response.status_code == 200
        assert "Content-Encoding" not in response.headers
