"""Papers of eight countries say what their law asks for, read back from the PDF itself."""

import os
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.legal import missing_for_invoices
from portico.domain.documents.actions.create import DocumentInput, create_document
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.totals import LineInput
from portico.output.pdf.document_sheet import document_sheet
from portico.output.pdf.render import Renderer
from portico.output.pdf.tests.countries import COUNTRIES, invoice_of
from portico.output.wording.law import legal_remarks

KEEP = os.environ.get("PORTICO_TEST_PAPERS")


def text_of(pdf: bytes) -> list[str]:
    """The text of each page, with one blank for every space."""
    invisible = dict.fromkeys(map(ord, "\u200b\u2066\u2067\u2068\u2069"))
    return [" ".join(page.extract_text().translate(invisible).split()) for page in PdfReader(BytesIO(pdf)).pages]


@pytest.mark.parametrize("country", COUNTRIES)
def test_invoice_says_what_its_law_asks_for(db: None, printer: Renderer, country: str) -> None:
    document, case = invoice_of(country), COUNTRIES[country]
    assert missing_for_invoices(document.business) == ()
    pdf = printer.render(document_sheet(document, case.language))
    if KEEP:
        (Path(KEEP) / f"{country}.pdf").write_bytes(pdf)
    pages = text_of(pdf)
    whole = " ".join(pages)
    missing = [words for words in case.says if words not in whole]
    assert not missing, whole
    seller = document.business
    for words in (seller.legal_name, seller.line1, seller.city, document.number, document.customer.name):
        assert words in whole
    for position, line in enumerate(case.lines, start=1):
        assert f"{position} {line.description}" in whole


def test_every_page_has_the_number_and_the_footer(db: None, printer: Renderer) -> None:
    first = invoice_of("DE")
    lines = [LineInput(f"Teil {index}", Decimal(1), Decimal("1.10"), tax_rate=Decimal(19)) for index in range(90)]
    data = DocumentInput(Kind.INVOICE, "EUR", date(2026, 10, 12), lines)
    document = create_document(first.business, first.customer, data, by=OPERATOR)
    pages = text_of(printer.render(document_sheet(Document.objects.get(pk=document.pk), "de")))
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert f"Rechnung INV-0002 · Seite {number} von {len(pages)}" in page
        assert "Amtsgericht Hamburg HRB 107221" in page


def test_page_of_the_swiss_payment_part_has_the_number_and_the_footer(db: None, printer: Renderer) -> None:
    pages = text_of(printer.render(document_sheet(invoice_of("CH"), "de")))
    assert "Zahlteil" in pages[-1]
    for number, page in enumerate(pages, start=1):
        assert f"Rechnung INV-0001 · Seite {number} von {len(pages)}" in page
        assert "Handelsregister des Kantons Zürich CH-020.3.001.234-5" in page


def test_credit_note_names_its_invoice(db: None, printer: Renderer) -> None:
    first = invoice_of("AE")
    reference = {"kind": "preceding_invoice", "value": first.number, "issued_on": "2026-10-12"}
    line = LineInput("Linen returned", Decimal(2), Decimal("96.50"), tax_rate=Decimal(5))
    data = DocumentInput(Kind.CREDIT_NOTE, "AED", date(2026, 10, 14), [line], references=(reference,))
    document = create_document(first.business, first.customer, data, by=OPERATOR)
    (page,) = text_of(printer.render(document_sheet(Document.objects.get(pk=document.pk), "en")))
    assert "Tax credit note CN-0001" in page
    assert "Refers to invoice INV-0001, 12 Oct 2026" in page


@pytest.mark.parametrize(
    ("terms", "left"),
    [
        ("Escompte de 2 % sous 8 jours.", ["pénalités", "recouvrement"]),
        ("Pénalités de retard : 10 % par an.", ["recouvrement", "escompte"]),
        ("Indemnité de recouvrement : 40 €. Pénalités : 12 %. Escompte : néant.", []),
    ],
)
def test_a_french_paper_does_not_contradict_its_own_terms(db: None, terms: str, left: list[str]) -> None:
    document = invoice_of("FR")
    document.terms = terms
    remarks = legal_remarks(document)
    assert len(remarks) == len(left)
    assert all(sign in remark for sign, remark in zip(left, remarks, strict=True))


def test_saudi_invoice_is_called_so_in_arabic_too(db: None) -> None:
    document = invoice_of("SA")
    assert "فاتورة ضريبية" in document_sheet(document, "en").subtitle
    assert document_sheet(document, "ar").frame.title.startswith("فاتورة ضريبية")
