"""From a file to a document on a customer's account."""

import base64
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.documents.actions.create import DocumentInput, create_document
from portico.domain.documents.check import differences as document_differences
from portico.domain.documents.models import Document, Kind, Lifecycle, Status
from portico.domain.documents.totals import LineInput
from portico.domain.files.actions import store
from portico.domain.files.models import File
from portico.domain.ledger.check import differences
from portico.domain.ledger.models import Account, Entry, Item
from portico.intake.actions.import_file import Run
from portico.intake.tests.conftest import Written
from portico.intake.ubl.tests.samples import XRECHNUNG_EXTENSION, Row, Sample

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
ATTACHED = (
    "<cac:AdditionalDocumentReference><cbc:ID>Z-1</cbc:ID><cbc:DocumentDescription>Time sheet</cbc:DocumentDescription>"
    '<cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="../sheet.pdf">'
    f"{base64.b64encode(PDF).decode()}</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>"
    "</cac:AdditionalDocumentReference>"
)


FULL = Sample(
    rows=[Row("3", "33.50"), Row("2", "10", "Z", "0", name="Water")],
    allowances=[("-", "20.50", "S", "19"), ("+", "4.00", "Z", "0")],
    prepaid="50.00",
    rounding="0.01",
    head="<cbc:DueDate>2026-04-13</cbc:DueDate><cbc:Note>#AAI#Thank you.</cbc:Note>",
    references="<cbc:BuyerReference>04011-X</cbc:BuyerReference><cac:OrderReference><cbc:ID>PO-9</cbc:ID>"
    "<cbc:SalesOrderID>SO-3</cbc:SalesOrderID></cac:OrderReference>",
    middle="<cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode><cbc:PaymentID>RF18</cbc:PaymentID>"
    "<cac:PayeeFinancialAccount><cbc:ID>DE02120300000000202051</cbc:ID></cac:PayeeFinancialAccount>"
    "</cac:PaymentMeans><cac:PaymentTerms><cbc:Note>30 days net.</cbc:Note></cac:PaymentTerms>",
)


def test_an_invoice_becomes_a_document_on_the_account(run: Run) -> None:
    outcome = run.take(FULL.bytes(), name="a.xml")
    assert (outcome.status, outcome.kind, outcome.number) == ("imported", "invoice", "2026-0117")
    assert (outcome.customer, outcome.currency, outcome.payable) == ("Fjord & Söhne AS", "EUR", 6921)
    document = Document.objects.get()
    assert document == outcome.document
    assert (document.lifecycle, document.source, document.type_code) == (Lifecycle.ISSUED, "import", "380")
    assert (document.issued_on, document.due_on) == (date(2026, 3, 14), date(2026, 4, 13))
    entry = Entry.objects.get()
    assert (entry.amount, entry.date) == (6921, date(2026, 3, 14))
    assert Item.objects.get().due_on == date(2026, 4, 13)
    assert Activity.objects.filter(verb="invoice.issued", subject_id=document.pk).count() == 1
    assert not [*differences(), *document_differences()]


def test_the_figures_are_the_files_own(run: Run) -> None:
    run.take(FULL.bytes(), name="a.xml")
    document = Document.objects.get()
    assert (document.subtotal, document.discount_total, document.charge_total) == (12050, 2050, 400)
    assert (document.tax_total, document.total) == (1520, 11920)
    assert (document.prepaid, document.rounding, document.payable, document.open_amount) == (5000, 1, 6921, 6921)
    assert document.breakdown == [
        {"category": "S", "rate": "19", "taxable": 8000, "tax": 1520, "reason": ""},
        {"category": "Z", "rate": "0", "taxable": 2400, "tax": 0, "reason": ""},
    ]
    assert [(item["charge"], item["amount"], item["reason"]) for item in document.allowances] == [
        (False, 2050, "Freight"),
        (True, 400, "Freight"),
    ]
    first, second = document.lines.all()
    assert (first.quantity, first.unit, first.unit_price) == (Decimal(3), "C62", Decimal("33.50"))
    assert (first.gross, first.discount, first.amount, first.tax_category) == (10050, 0, 10050, "S")
    assert (second.description, second.amount, second.tax_rate) == ("Water", 2000, Decimal(0))


def test_texts_references_and_parties_are_kept(run: Run) -> None:
    run.take(FULL.bytes(), name="a.xml")
    document = Document.objects.get()
    assert (document.notes, document.terms) == ("Thank you.", "30 days net.")
    assert document.payment_means == "IBAN DE02120300000000202051\nRF18"
    assert (document.buyer_reference, document.purchase_order) == ("04011-X", "PO-9")
    assert document.references == [{"kind": "sales_order", "value": "SO-3"}]
    assert (document.seller["name"], document.seller["legal_name"]) == ("Nordlicht", "Nordlicht Werft GmbH")
    assert (document.seller["tax_id"], document.seller["tax_number"]) == ("DE811111111", "20/290/00123")
    assert (document.buyer["name"], document.buyer["city"]) == ("Fjord & Söhne AS", "Bergen")


def test_a_credit_note_lowers_what_is_owed(run: Run) -> None:
    references = (
        "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>2026-0100</cbc:ID>"
        "<cbc:IssueDate>2026-02-01</cbc:IssueDate></cac:InvoiceDocumentReference></cac:BillingReference>"
    )
    outcome = run.take(Sample(root="CreditNote", references=references).bytes(), name="a.xml")
    document = Document.objects.get()
    assert (outcome.kind, document.kind, document.payable, document.open_amount) == (
        "credit_note", "credit_note", 11900, 11900,
    )  # fmt: skip
    assert document.references == [{"kind": "preceding_invoice", "value": "2026-0100", "issued_on": "2026-02-01"}]
    assert document.status(date(2026, 3, 15)) == Status.OPEN
    assert Account.objects.get().balance == -11900


def test_a_negative_invoice_is_a_credit(run: Run) -> None:
    run.take(Sample(type_code="384", rows=[Row("-1", "100.00")]).bytes(), name="a.xml")
    document = Document.objects.get()
    assert (document.kind, document.payable, document.open_amount) == ("invoice", -11900, -11900)
    assert Account.objects.get().balance == -11900
    assert not [*differences(), *document_differences()]


def test_an_invoice_over_nothing_is_born_paid(run: Run) -> None:
    run.take(Sample(prepaid="119.00").bytes(), name="a.xml")
    document = Document.objects.get()
    assert (document.total, document.payable) == (11900, 0)
    assert document.status(date(2030, 1, 1)) == Status.PAID


def test_what_is_collected_for_others_is_due_too(run: Run) -> None:
    payment = (
        "<cac:PrepaidPayment><cbc:ID>Parking</cbc:ID><cbc:PaidAmount currencyID='EUR'>7.50</cbc:PaidAmount>"
        "<cbc:InstructionID>Harbour car park</cbc:InstructionID></cac:PrepaidPayment>"
    )
    sample = Sample(profile=XRECHNUNG_EXTENSION, middle=payment, totals={"PayableAmount": "126.50"})
    run.take(sample.bytes(), name="a.xml")
    document = Document.objects.get()
    assert (document.total, document.payable, document.open_amount) == (11900, 12650, 12650)
    (item,) = document.allowances
    assert (item["third_party"], item["amount"], item["reason"]) == (True, 750, "Harbour car park")


def test_sub_lines_and_line_allowances_are_told_in_the_details(run: Run) -> None:
    inside = (
        "<cbc:Note>By the day</cbc:Note><cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
        "<cbc:AllowanceChargeReason>Volume</cbc:AllowanceChargeReason>"
        "<cbc:Amount currencyID='EUR'>10.00</cbc:Amount></cac:AllowanceCharge><!--after-->"
        "<cac:SubInvoiceLine><cbc:ID>1.1</cbc:ID><cbc:InvoicedQuantity>4.50</cbc:InvoicedQuantity>"
        "<cbc:LineExtensionAmount currencyID='EUR'>90.00</cbc:LineExtensionAmount><cac:Item><cbc:Name>Crane</cbc:Name>"
        "</cac:Item><cac:Price><cbc:PriceAmount currencyID='EUR'>20</cbc:PriceAmount></cac:Price></cac:SubInvoiceLine>"
    )
    run.take(Sample(profile=XRECHNUNG_EXTENSION, rows=[Row(net="90.00", inside=inside)]).bytes(), name="a.xml")
    (line,) = Document.objects.get().lines.all()
    assert (line.gross, line.discount, line.amount) == (10000, 1000, 9000)
    assert line.details == "By the day\nVolume: −10.00\n1.1 Crane: 4.5 × 20.00 = 90.00"


def test_embedded_files_hang_on_the_document(run: Run) -> None:
    run.take(Sample(references=ATTACHED).bytes(), name="a.xml")
    document, file = Document.objects.get(), File.objects.get()
    assert (file.subject_kind, file.subject_id, file.customer_id) == ("invoice", document.pk, document.customer_id)
    assert (file.name, file.media_type, file.description) == ("sheet.pdf", "application/pdf", "Time sheet")
    assert file.read() == PDF


def test_a_file_that_cannot_be_kept_leaves_nothing_behind(
    run: Run, written: Callable[[], Written], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = written()
    monkeypatch.setattr(store, "MAX_FILES_OF_SUBJECT", 0)
    outcome = run.take(Sample(references=ATTACHED).bytes(), name="a.xml")
    assert (outcome.status, outcome.code, outcome.document) == ("refused", "too_many_files", None)
    assert written() == before


def test_again_changes_nothing(run: Run, written: Callable[[], Written]) -> None:
    sample = Sample(references=ATTACHED)
    first = run.take(sample.bytes(), name="a.xml")
    before = written()
    spelled = sample.xml().replace("cbc:", "b:").replace("xmlns:cbc", "xmlns:b").replace("UTF-8", "UTF-16")
    for content in (sample.bytes(), spelled.encode("utf-16")):
        outcome = run.take(content, name="b.xml")
        assert (outcome.status, outcome.document) == ("unchanged", first.document)
        assert (outcome.customer, outcome.payable) == ("Fjord & Söhne AS", 11900)
    assert written() == before


def test_a_number_stands_for_one_document(run: Run, written: Callable[[], Written]) -> None:
    run.take(Sample().bytes(), name="a.xml")
    document, before = Document.objects.get(), written()
    for other in (Sample(rows=[Row(price="101.00")]), Sample(buyer_name="Someone else"), Sample(type_code="384")):
        outcome = run.take(other.bytes(), name="b.xml")
        assert (outcome.status, outcome.code, outcome.where) == ("refused", "number_taken", "line 5, cbc:ID")
        assert outcome.reason == (
            "invoice 2026-0117 already stands for a different document, of 2026-03-14 over EUR 119.00 for "
            f"Fjord & Söhne AS ({document.public_id})."
        )
    assert written() == before


def test_a_number_written_by_hand_is_taken_too(run: Run, written: Callable[[], Written]) -> None:
    customer, _ = upsert_customer(run.business, CustomerInput(name="Fjord & Söhne AS"), by=OPERATOR)
    data = DocumentInput(
        Kind.INVOICE, "EUR", date(2026, 3, 1), [LineInput("Mooring", Decimal(1), Decimal(5))], number="2026-0117"
    )
    create_document(run.business, customer, data, by=OPERATOR)
    before = written()
    outcome = run.take(Sample().bytes(), name="a.xml")
    assert outcome.status == "refused"
    assert "of 2026-03-01 over EUR 5.00" in outcome.reason
    assert written() == before


def test_kinds_and_businesses_number_on_their_own(run: Run, stranger: Business) -> None:
    assert run.take(Sample().bytes(), name="a.xml").status == "imported"
    assert run.take(Sample(root="CreditNote").bytes(), name="b.xml").status == "imported"
    assert Run(stranger, by=OPERATOR).take(Sample().bytes(), name="a.xml").status == "imported"
    assert Document.objects.filter(business=stranger).count() == 1


def test_a_bad_file_stops_nothing(run: Run, tmp_path: Path) -> None:
    good = tmp_path / "good.xml"
    good.write_bytes(Sample().bytes())
    outcomes = [run.take(tmp_path / "absent.xml", name="x"), run.take(b"<a>", name="y"), run.take(good, name="z")]
    assert [outcome.status for outcome in outcomes] == ["refused", "refused", "imported"]
    assert outcomes[0].reason == "there is no such file."
    assert outcomes[1].line == 1


def test_a_dry_run_says_the_same_and_writes_nothing(
    run: Run, business: Business, written: Callable[[], Written]
) -> None:
    files = [
        Sample(references=ATTACHED),
        Sample(references=ATTACHED),
        Sample(rows=[Row(price="7")]),
        Sample(number="2"),
        Sample(number="3", totals={"PayableAmount": "1.00"}),
    ]
    before = written()
    dry = Run(business, by=OPERATOR, dry_run=True)
    told = [dry.take(sample.bytes(), name="f") for sample in files]
    assert written() == before
    real = [run.take(sample.bytes(), name="f") for sample in files]
    assert [outcome.status for outcome in real] == ["imported", "unchanged", "refused", "imported", "refused"]
    for first, second in zip(told, real, strict=True):
        assert (first.status, first.number, first.customer, first.payable) == (
            second.status, second.number, second.customer, second.payable,
        )  # fmt: skip
        assert first.where == second.where
        assert first.document is None
    afterwards = [Run(business, by=OPERATOR, dry_run=True).take(sample.bytes(), name="f") for sample in files]
    assert [outcome.status for outcome in afterwards] == ["unchanged", "unchanged", "refused", "unchanged", "refused"]
