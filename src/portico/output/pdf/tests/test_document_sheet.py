from datetime import date
from decimal import Decimal

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.documents.actions.void import void
from portico.domain.documents.models import Document, Kind, Line
from portico.domain.documents.totals import Discount, LineInput
from portico.output.pdf.document_sheet import document_sheet
from portico.output.pdf.sheets import DocumentSheet, Fact
from portico.output.pdf.tests.conftest import Write

_IBAN = "IBAN DE89 3704 0044 0532 0130 00"


def sums(sheet: DocumentSheet) -> list[tuple[str, str]]:
    return [(total.label, total.value.replace("\u00a0", " ")) for total in sheet.totals]


def test_an_invoice_names_both_parties_numbers_dates_and_how_to_pay(write: Write) -> None:
    sheet = document_sheet(write(purchase_order="PO-7731", title="Website", notes="Thank you.", terms="Net 30."), "en")
    assert sheet.frame.title == "Invoice INV-0001"
    assert sheet.subtitle == "Issued 12 October 2026 · Your order PO-7731 · Website"
    assert sheet.headline == Fact("Amount due", "€119.00")
    assert sheet.headline_note == "Due 11 Nov 2026"
    billed_to, seller = sheet.parties
    assert (billed_to.name, *billed_to.lines) == ("Acme GmbH", "Lindenstr. 4", "10969 Berlin", "VAT number DE811907980")
    assert seller.name == "Nordlicht Studio GmbH"
    assert {"Hafenweg 22", "48155 Münster", "VAT number DE298112004"} <= set(seller.lines)
    (pay,) = sheet.pay
    assert (pay.heading, pay.text) == ("How to pay", f"Nordlicht Studio GmbH\n{_IBAN}\nReference INV-0001")
    assert [(note.heading, note.text) for note in sheet.notes] == [
        ("Terms", "Net 30."),
        ("Notes", "Thank you."),
    ]
    assert "DE298112004" in sheet.frame.footer


def test_lines_carry_quantity_unit_price_tax_and_amount(write: Write) -> None:
    sheet = document_sheet(write(), "en")
    assert [column.label for column in sheet.lines.columns] == ["No.", "Item", "Quantity", "Price", "VAT", "Amount"]
    assert sheet.lines.rows[0].cells == ("1", "Illustrations", "4\u00a0h", "€25.00", "19%", "€100.00")


def test_the_sums_add_up_to_the_recorded_total(write: Write) -> None:
    line = LineInput("Work", Decimal(1), Decimal("412"), discount=Discount(percent=Decimal(2)), tax_rate=Decimal(4))
    sheet = document_sheet(write(lines=[line], discount=Discount(percent=Decimal(3)), tax_rate=Decimal(7)), "en")
    assert sheet.lines.rows[0].cells[4:] == ("-€8.24", "4%", "€403.76")
    assert sums(sheet) == [
        ("Subtotal", "€403.76"),
        ("Discount 3%", "-€12.11"),
        ("Total before tax", "€391.65"),
        ("VAT 4%", "€16.15"),
        ("VAT 7%", "€27.42"),
        ("Total", "€435.22"),
    ]


def test_prices_that_include_their_tax_say_so(write: Write) -> None:
    assert sums(document_sheet(write(prices_include_tax=True), "en")) == [
        ("Total", "€100.00"),
        ("Includes VAT 19%", "€15.97"),
    ]


IMPORTED = {
    "type_code": "384",
    "subtotal": 100_00, "discount_total": 10_00, "charge_total": 5_00, "tax_total": 18_05, "total": 113_05,
    "prepaid": 13_05, "rounding": -5, "payable": 101_95, "open_amount": 101_95,
    "allowances": [
        {"charge": False, "amount": 10_00, "reason": "Loyalty", "rate": "10"},
        {"charge": True, "amount": 5_00, "reason": "Freight", "rate": None},
        {"charge": True, "third_party": True, "amount": 2_00, "reason": "Deposit", "rate": None},
    ],
    "breakdown": [
        {"category": "S", "rate": "19", "taxable": 95_00, "tax": 18_05, "reason": ""},
        {"category": "AE", "rate": "0", "taxable": 0, "tax": 0, "reason": "VATEX-EU-AE"},
    ],
    "references": [
        {"kind": "preceding_invoice", "value": "INV-1", "issued_on": "2026-09-01"},
        {"kind": "tax_point", "value": "2026-10-01"},
    ],
    "period_start": date(2026, 9, 1), "period_end": date(2026, 9, 30), "delivered_on": date(2026, 9, 30),
    "delivered_to": {"name": "Warehouse", "city": "Hamburg", "country": "DE"},
    "buyer_reference": "04011000-12345-03", "contract_reference": "C-1", "project_reference": "P-1",
}  # fmt: skip


@pytest.fixture
def imported(write: Write) -> DocumentSheet:
    """An invoice as a file brought it, with figures that only the file knows."""
    document = write()
    Document.objects.filter(pk=document.pk).update(**IMPORTED)
    Line.objects.filter(document=document).update(
        unit_price="0.0234", base_quantity="100", unit="C62", label="1.1", item_number="SKU-1", details="Batch"
    )
    return document_sheet(Document.objects.get(pk=document.pk), "en")


def test_an_imported_invoice_keeps_the_files_own_sums(imported: DocumentSheet) -> None:
    assert sums(imported) == [
        ("Subtotal", "€100.00"),
        ("Loyalty 10%", "-€10.00"),
        ("Freight", "€5.00"),
        ("Total before tax", "€95.00"),
        ("VAT 19%", "€18.05"),
        ("Total", "€113.05"),
        ("Deposit", "€2.00"),
        ("Already paid", "-€13.05"),
        ("Rounding", "-€0.05"),
        ("Amount due", "€101.95"),
    ]


def test_the_tax_breakdown_gives_the_reason_for_no_tax(imported: DocumentSheet) -> None:
    assert imported.breakdown is not None
    assert [row.cells for row in imported.breakdown.rows] == [
        ("VAT", "19%", "€95.00", "€18.05"),
        ("Reverse charge", "0%", "€0.00", "€0.00"),
    ]
    assert imported.remarks == ("Reverse charge: the recipient of the supply owes the tax. (VATEX-EU-AE)",)


def test_references_periods_and_places_are_said(imported: DocumentSheet) -> None:
    assert imported.frame.title == "Corrected invoice INV-0001"
    assert {fact.label: fact.value for fact in imported.facts} == {
        "Delivered on": "30 Sept 2026",
        "Service period": "1 Sept 2026 – 30 Sept 2026",
        "Your reference": "04011000-12345-03",
        "Contract": "C-1",
        "Project": "P-1",
        "Refers to invoice": "INV-1, 1 Sept 2026",
        "Tax point": "1 Oct 2026",
    }
    assert [party.label for party in imported.parties] == ["Billed to", "Delivered to", "From"]


def test_a_line_says_all_it_has(imported: DocumentSheet) -> None:
    (row,) = imported.lines.rows
    assert row.cells[:4] == ("1.1", "Illustrations", "4", "€0.0234 per 100")
    assert row.details == ("Batch", "Item no. SKU-1")


def test_codes_of_banking_apps_are_drawn_on_paper_alone(write: Write) -> None:
    """A page has its own, where its reader asks for them; drawing one costs more than all the rest of a sheet."""
    document = write()
    printed, shown = document_sheet(document, "en"), document_sheet(document, "en", printed=False)
    assert [note.code is not None for note in printed.pay] == [True]
    assert [note.code for note in shown.pay] == [None]
    assert [note.text for note in printed.pay] == [note.text for note in shown.pay]


def test_a_voided_invoice_says_so_and_asks_for_no_money(write: Write) -> None:
    document = void(write(), by=OPERATOR)
    sheet = document_sheet(document, "en")
    assert sheet.state == "Voided"
    assert sheet.headline is None
    assert "How to pay" not in [note.heading for note in sheet.notes]
    assert "Voided on" in [fact.label for fact in sheet.facts]


def test_the_other_kinds(write: Write) -> None:
    credit_note = document_sheet(write(kind=Kind.CREDIT_NOTE, due_on=None), "en")
    assert (credit_note.frame.title, credit_note.headline) == ("Credit note CN-0001", Fact("Credit", "€119.00"))
    assert credit_note.notes == ()
    estimate = document_sheet(write(kind=Kind.ESTIMATE, due_on=None, expires_on=date(2026, 12, 1)), "en")
    assert (estimate.frame.title, estimate.headline_note) == ("Estimate EST-0001", "Valid until 1 Dec 2026")
    assert document_sheet(write(kind=Kind.SALES_ORDER, due_on=None), "en").frame.title == "Sales order SO-0001"


def test_another_language_turns_the_page_and_the_figures(write: Write) -> None:
    document = write()
    german, arabic = document_sheet(document, "de"), document_sheet(document, "ar")
    assert german.frame.language == "de"
    assert german.totals[-1].value == "119,00\u00a0€"
    assert arabic.frame.direction == "rtl"
    assert "119.00" in arabic.totals[-1].value


def test_abroad_the_countries_are_named(write: Write) -> None:
    document = write()
    document.buyer = {
        **document.buyer,
        "country": "US",
        "region": "CA",
        "postal_code": "94105",
        "city": "San Francisco",
    }
    billed_to, seller = document_sheet(document, "en").parties
    assert billed_to.lines[1:3] == ("San Francisco, CA 94105", "United States")
    assert "Germany" in seller.lines
