"""Documents: the list finds them, the page shows them, and what staff do to them is recorded or refused whole."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.test import Client

from portico.domain.activity.actor import Actor
from portico.domain.activity.models import Activity
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.view import mark_viewed
from portico.domain.documents.actions.void import void
from portico.domain.documents.models import Document, Kind, WriteOff
from portico.domain.files.models import File
from portico.domain.payments.models import Payment
from portico.web.dashboard.files import detail as files
from portico.web.dashboard.tests.cast import Paper, a_customer, a_document, a_payment
from portico.web.shared import uploads

LATE = Paper(amount="70.00", issued_on=date(2026, 9, 1), due_on=date(2026, 10, 1))


def _path(document: Document, action: str = "") -> str:
    return f"/documents/{document.public_id}{'/' + action if action else ''}"


def _text(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["INV-0001", "INV-0002"]),
        ("?status=past_due", ["INV-0002"]),
        ("?status=issued", ["INV-0001"]),
        ("?status=draft", []),
        ("?q=0002", ["INV-0002"]),
        ("?q=acme", ["INV-0001", "INV-0002"]),
        ("?q=nobody", []),
        ("?start=2026-10-01", ["INV-0001"]),
        ("?end=2026-10-01", ["INV-0002"]),
        ("?start=tomorrow", ["INV-0001", "INV-0002"]),
        ("?kind=credit_note", ["CN-0001"]),
        ("?kind=estimate&status=declined", []),
        ("?kind=treaty", ["INV-0001", "INV-0002"]),
    ],
)
def test_the_list_is_narrowed_by_the_address(
    owner: Client, acme: Customer, invoice: Document, query: str, found: list[str]
) -> None:
    a_document(acme, LATE)
    a_document(acme, Paper(kind=Kind.CREDIT_NOTE, amount="5.00", due_on=None))
    html = _text(owner.get(f"/documents{query}"))
    assert [number for number in ("INV-0001", "INV-0002", "CN-0001") if f"<bdi>{number}</bdi>" in html] == found


@pytest.mark.parametrize("sort", ["number", "-number", "date", "-due", "total", "-open"])
def test_the_list_is_sorted_by_the_address(owner: Client, acme: Customer, invoice: Document, sort: str) -> None:
    a_document(acme, LATE)
    html = _text(owner.get(f"/documents?sort={sort}"))
    first = "INV-0001" if html.index("<bdi>INV-0001") < html.index("<bdi>INV-0002") else "INV-0002"
    assert first == ("INV-0001" if sort in ("number", "-due", "-open") else "INV-0002")


def test_the_page_says_when_it_is_due(owner: Client, acme: Customer, invoice: Document) -> None:
    assert "due 1 Dec 2026" in _text(owner.get(_path(invoice)))
    a_payment(acme, 10000, [(invoice, 10000)])
    html = _text(owner.get(_path(invoice)))
    assert "due 1 Dec 2026" not in html, "nothing is owed any more"
    assert "<dt>Due date</dt>" in html
    assert "Paid on 10 Nov 2026" in html
    undated = a_document(acme, Paper(due_on=None))
    assert "<dt>Due date</dt>" not in _text(owner.get(_path(undated)))


def test_the_page_shows_the_paper_and_what_happened_to_it(owner: Client, invoice: Document, payment: Payment) -> None:
    mark_viewed(invoice, by=Actor("customer", label="Ada Ahrens"))
    html = _text(owner.get(_path(invoice)))
    for text in [
        "Invoice INV-0001", "Consulting", "Thank you", "Hafenstraße 1", "€40.00", "60% paid", "Payment PAY-0001",
        "€60.00", "Invoice INV-0001 viewed", "First seen by the customer",
    ]:  # fmt: skip
        assert text in html, text
    assert owner.get(f"{_path(invoice)}.pdf")["Content-Disposition"] == (
        'attachment; filename="nordlicht-invoice-INV-0001.pdf"'
    )


@pytest.mark.parametrize("kind", [Kind.CREDIT_NOTE, Kind.ESTIMATE, Kind.SALES_ORDER])
def test_every_kind_has_its_page_and_pdf(owner: Client, acme: Customer, kind: Kind) -> None:
    document = a_document(acme, Paper(kind=kind, due_on=None))
    assert document.number in _text(owner.get(_path(document)))
    assert owner.get(f"{_path(document)}.pdf").content.startswith(b"%PDF")


def test_a_document_is_found_by_its_number(owner: Client, invoice: Document) -> None:
    assert owner.get("/documents/INV-0001").status_code == 200
    assert owner.get("/documents/INV-9999").status_code == 404


def test_a_draft_is_issued(owner: Client, acme: Customer) -> None:
    draft = a_document(acme, Paper(draft=True))
    assert "Issue" in _text(owner.get(_path(draft)))
    answer = owner.post(_path(draft, "issue"), follow=True)
    draft.refresh_from_db()
    assert (draft.lifecycle, draft.number, draft.open_amount) == ("issued", "INV-0001", 10000)
    assert "INV-0001 is issued." in _text(answer)


def test_a_voided_document_is_not_issued_again(owner: Client, invoice: Document) -> None:
    void(invoice, by=Actor("staff"))
    answer = owner.post(_path(invoice, "issue"))
    assert answer.status_code == 409
    assert "the state has changed" in _text(answer)
    invoice.refresh_from_db()
    assert invoice.lifecycle == "voided"


def test_voiding_takes_a_reason_and_gives_the_money_back(owner: Client, invoice: Document, payment: Payment) -> None:
    assert "Void INV-0001" in _text(owner.get(_path(invoice)))
    answer = owner.post(_path(invoice, "void"), {"reason": "Typed twice"}, follow=True)
    assert "INV-0001 is voided." in _text(answer)
    assert "Typed twice" in _text(answer)
    invoice.refresh_from_db()
    payment.item.refresh_from_db()
    assert (invoice.lifecycle, payment.unapplied) == ("voided", 7500)
    assert Activity.objects.get(verb="invoice.voided").actor_label == "Olga"
    assert "Void INV-0001" not in _text(owner.get(_path(invoice)))


def test_a_draft_is_not_voided(owner: Client, acme: Customer) -> None:
    draft = a_document(acme, Paper(draft=True))
    assert owner.post(_path(draft, "void"), {"reason": ""}).status_code == 409
    draft.refresh_from_db()
    assert draft.lifecycle == "draft"


def test_too_long_a_reason_is_said_at_the_field(owner: Client, invoice: Document) -> None:
    answer = owner.post(_path(invoice, "void"), {"reason": "x" * 256})
    assert answer.status_code == 422
    assert 'id="void_reason_error"' in _text(answer)
    assert "x" * 256 in _text(answer)
    invoice.refresh_from_db()
    assert invoice.lifecycle == "issued"


def test_what_is_open_is_written_off(owner: Client, invoice: Document, payment: Payment) -> None:
    answer = owner.post(
        _path(invoice, "write-off"), {"on": "2026-11-20", "reason": "Insolvent", "reads": "written_off"}, follow=True
    )
    assert "What was open of INV-0001 is written off." in _text(answer)
    invoice.refresh_from_db()
    assert (invoice.open_amount, invoice.written_off) == (0, 4000)


@pytest.mark.parametrize(("day", "status"), [("2026-10-01", 422), ("2026-11-21", 422), ("someday", 422), ("", 422)])
def test_a_write_off_has_a_day_between_invoice_and_today(
    owner: Client, invoice: Document, day: str, status: int
) -> None:
    answer = owner.post(_path(invoice, "write-off"), {"on": day, "reason": "Insolvent", "reads": "written_off"})
    assert answer.status_code == status
    assert "Insolvent" in _text(answer)
    assert not WriteOff.objects.exists()


def test_only_what_is_owed_is_written_off(owner: Client, acme: Customer, invoice: Document) -> None:
    note = a_document(acme, Paper(kind=Kind.CREDIT_NOTE, due_on=None))
    assert owner.post(_path(note, "write-off"), {"on": "2026-11-20"}).status_code == 404
    void(invoice, by=Actor("staff"))
    assert owner.post(_path(invoice, "write-off"), {"on": "2026-11-20", "reads": "written_off"}).status_code == 409
    assert not WriteOff.objects.exists()


def _upload(name: str = "terms.txt", content: bytes = b"Payment within 30 days.\n") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, content)}


@pytest.mark.parametrize("of", ["customer", "document"])
def test_files_are_added_downloaded_and_removed(owner: Client, acme: Customer, invoice: Document, of: str) -> None:
    home = f"/customers/{acme.public_id}" if of == "customer" else _path(invoice)
    answer = owner.post(f"{home}/files", _upload(), follow=True)
    assert "Added: terms.txt" in _text(answer)
    file = File.objects.get()
    assert (file.customer_id, file.subject_kind) == (acme.pk, "customer" if of == "customer" else "invoice")
    download: HttpResponseBase = owner.get(f"/files/{file.public_id}")
    assert isinstance(download, FileResponse)
    assert download.getvalue() == b"Payment within 30 days.\n"
    assert download["Content-Disposition"].startswith("attachment")
    question = owner.post(f"/files/{file.public_id}/remove")
    assert "Remove this file?" in _text(question)
    assert File.objects.exists()
    answer = owner.post(f"/files/{file.public_id}/remove", {"confirmed": "yes"})
    assert answer["Location"] == f"{home}#files-heading"
    assert not File.objects.exists()


@pytest.mark.parametrize(("name", "content"), [("page.html", b"<!doctype html><script>1</script>"), ("empty.txt", b"")])
def test_files_that_may_not_be_kept_are_refused(owner: Client, acme: Customer, name: str, content: bytes) -> None:
    answer = owner.post(f"/customers/{acme.public_id}/files", _upload(name, content), follow=True)
    assert "po-callout-bad" in _text(answer)
    assert not File.objects.exists()


def test_file_that_is_too_large_is_refused_before_it_is_read(
    owner: Client, acme: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_arguments: object, **_options: object) -> None:
        raise AssertionError("The upload was read.")

    monkeypatch.setattr(uploads, "MAX_BYTES", 10)
    monkeypatch.setattr(files, "store_file", never)
    answer = owner.post(f"/customers/{acme.public_id}/files", _upload(), follow=True)
    assert "The file is too large; 20 MB is the most." in _text(answer)
    assert not File.objects.exists()


def test_a_form_without_a_file_says_so(owner: Client, acme: Customer) -> None:
    answer = owner.post(f"/customers/{acme.public_id}/files", {}, follow=True)
    assert "po-callout-bad" in _text(answer)


def test_another_customer_s_document_leads_to_its_own_customer(owner: Client, acme: Customer) -> None:
    other = a_document(a_customer(acme.business, "Other AG"))
    assert f'href="/customers/{other.customer.public_id}"' in _text(owner.get(_path(other)))
