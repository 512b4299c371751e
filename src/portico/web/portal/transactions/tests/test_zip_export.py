"""A ZIP holds the PDFs of what its list shows, and nothing else."""

import io
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from pypdf import PdfReader
from pytest_django import Settings

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.models import Document, Kind, Lifecycle
from portico.domain.ledger.tests.history import new_document, pay
from portico.web.portal.conftest import SignIn, Visitor, at_most, days_ago
from portico.web.portal.transactions import list as activity
from portico.web.portal.transactions import zip_export
from portico.web.portal.transactions.tests.test_selection import query

pytestmark = pytest.mark.django_db


def archive_of(response: HttpResponseBase) -> ZipFile:
    assert response.status_code == 200
    assert isinstance(response, StreamingHttpResponse)
    archive = ZipFile(io.BytesIO(response.getvalue()))
    assert archive.testzip() is None
    return archive


def unpacked(response: HttpResponseBase) -> dict[str, str]:
    """The words of each file, by its name."""
    archive = archive_of(response)
    return {name: PdfReader(io.BytesIO(archive.read(name))).pages[0].extract_text() for name in archive.namelist()}


@pytest.fixture
def invoices(acme: Customer) -> list[Document]:
    return [
        new_document(acme, 1000 + number, days_ago(number), due_on=days_ago(number - 5), number=f"A-{number:02}")
        for number in range(30)
    ]


@pytest.mark.usefixtures("invoices")
def test_it_holds_every_page_of_the_narrowed_list_in_its_order(visitor: Visitor, acme: Customer) -> None:
    new_document(acme, 1, days_ago(1), number="B-1")
    response = visitor.get(visitor.url("activity_zip", "invoices") + "?q=A-0&sort=number&page=2")
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"] == 'attachment; filename="nordlicht-invoices-2026-11-20.zip"'
    assert response.headers["Cache-Control"] == "no-store"
    files = unpacked(response)
    assert list(files) == [f"nordlicht-invoice-A-{number:02}.pdf" for number in range(10)]
    assert all(f"A-{number:02}" in text for number, text in enumerate(files.values()))


def test_each_is_the_very_file_its_own_page_gives(visitor: Visitor, invoices: list[Document]) -> None:
    archive = archive_of(visitor.get(visitor.url("activity_zip", "invoices") + "?q=A-07"))
    (name,) = archive.namelist()
    assert archive.read(name) == visitor.get(visitor.url("invoice_pdf", invoices[7].public_id)).content


def test_it_speaks_the_reader_s_language(sign_in: SignIn, acme: Customer) -> None:
    acme.language = "de"
    acme.save()
    new_document(acme, 1000, days_ago(1), number="A-1")
    visitor = sign_in(acme)
    (text,) = unpacked(visitor.get(visitor.url("activity_zip", "invoices"))).values()
    assert "Rechnung A-1" in text


def test_what_is_kept_is_not_set_again(visitor: Visitor, acme: Customer, settings: Settings, tmp_path: Path) -> None:
    settings.PORTICO_HOME = tmp_path
    new_document(acme, 1000, days_ago(1), number="A-1")
    path = visitor.url("activity_zip", "invoices")
    unpacked(visitor.get(path))
    (kept,) = (tmp_path / "cache" / "pdf").rglob("*.pdf")
    kept.write_bytes(b"from the folder")
    assert archive_of(visitor.get(path)).read("nordlicht-invoice-A-1.pdf") == b"from the folder"


def test_payments_give_their_receipts(visitor: Visitor, acme: Customer) -> None:
    payment = pay(acme, 1234, days_ago(2))
    files = unpacked(visitor.get(visitor.url("activity_zip", "payments")))
    assert list(files) == [f"nordlicht-receipt-{payment.number}.pdf"]
    assert "12.34" in files[f"nordlicht-receipt-{payment.number}.pdf"]


def test_drafts_other_kinds_and_other_customers_are_not_in_it(
    visitor: Visitor, acme: Customer, stranger: Visitor
) -> None:
    new_document(acme, 100, days_ago(1), number="MINE")
    new_document(acme, 100, days_ago(1), kind=Kind.CREDIT_NOTE, number="NOTE")
    new_document(stranger.customer, 100, days_ago(1), number="THEIRS")
    draft = new_document(acme, 100, days_ago(1), number="DRAFT")
    Document.objects.filter(pk=draft.pk).update(lifecycle=Lifecycle.DRAFT)
    assert list(unpacked(visitor.get(visitor.url("activity_zip", "invoices")))) == ["nordlicht-invoice-MINE.pdf"]
    assert list(unpacked(stranger.get(stranger.url("activity_zip", "invoices")))) == ["nordlicht-invoice-THEIRS.pdf"]


def test_a_switched_off_kind_has_none(visitor: Visitor, business: Business, acme: Customer) -> None:
    new_document(acme, 100, days_ago(1), kind=Kind.CREDIT_NOTE, number="NOTE")
    path = visitor.url("activity_zip", "credit-notes")
    assert list(unpacked(visitor.get(path))) == ["nordlicht-credit-note-NOTE.pdf"]
    change_portal_settings(business, {"show_credit_notes": False}, by=OPERATOR)
    assert visitor.get(path).status_code == 404


def test_a_wrong_filter_gives_none(visitor: Visitor) -> None:
    assert visitor.get(visitor.url("activity_zip", "invoices") + "?status=nonsense").status_code == 404
    assert visitor.get(visitor.url("activity_zip", "nonsense")).status_code == 404


@pytest.mark.usefixtures("invoices")
def test_more_than_it_takes_are_refused_with_how_to_narrow_them(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (zip_export, activity):
        monkeypatch.setattr(module, "MOST_IN_ZIP", 29)
    response = visitor.get(visitor.url("activity_zip", "invoices") + "?sort=number")
    assert response.status_code == 422
    html = response.content.decode()
    assert "The list has 30 entries, and a ZIP takes 29. Narrow the list first, by dates for example." in html
    assert f'href="{visitor.url("activity_of_kind", "invoices")}?sort=number"' in html
    page = visitor.page("activity_of_kind", "invoices")
    assert "A ZIP of the PDFs takes 29: narrow the list first." in page
    assert visitor.url("activity_zip", "invoices") not in page
    assert len(unpacked(visitor.get(visitor.url("activity_zip", "invoices") + "?q=A-0"))) == 10


@pytest.mark.usefixtures("invoices")
def test_the_list_offers_it_as_narrow_as_it_is(visitor: Visitor) -> None:
    with at_most(7):
        html = visitor.page("activity_of_kind", "invoices", query="?q=A-1&page=1")
    assert f'href="{visitor.url("activity_zip", "invoices")}?q=A-1">ZIP, each one as PDF</a>' in html


def test_it_asks_the_database_once_for_the_list_and_once_for_each_document(
    visitor: Visitor, invoices: list[Document]
) -> None:
    path = visitor.url("activity_zip", "invoices")
    unpacked(visitor.get(path))
    # Who it is, their business with its accounts and texts, which there are, PDFs of the business's own; then each
    # one's lines.
    with at_most(6 + len(invoices)):
        unpacked(visitor.get(path))


def test_selected_invoices_can_be_taken_together(visitor: Visitor, acme: Customer, invoices: list[Document]) -> None:
    pay(acme, invoices[3].payable, days_ago(0), Share(invoices[3], invoices[3].payable))
    params = query(*invoices[2:5])
    assert visitor.url("selection_zip") + query(invoices[4], invoices[2]).replace("&", "&amp;") in visitor.page(
        "selection", query=params
    )
    files = unpacked(visitor.get(visitor.url("selection_zip") + params))
    assert list(files) == ["nordlicht-invoice-A-04.pdf", "nordlicht-invoice-A-02.pdf"], "what is paid is left out"


def test_a_selection_with_somebody_else_s_is_not_found(visitor: Visitor, stranger: Visitor, acme: Customer) -> None:
    mine, theirs = new_document(acme, 100, days_ago(9)), new_document(stranger.customer, 100, days_ago(9))
    for params in (query(mine, theirs), query(theirs), "?invoice=nonsense"):
        assert visitor.get(visitor.url("selection_zip") + params).status_code == 404
