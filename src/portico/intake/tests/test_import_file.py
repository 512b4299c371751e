"""From a file to a document on a customer's account."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.documents.actions.create import DocumentInput, create_document
from portico.domain.documents.check import differences as document_differences
from portico.domain.documents.models import Document, Kind, Lifecycle, Status
from portico.domain.documents.queries import originals_of
from portico.domain.documents.totals import LineInput
from portico.domain.files.actions import store
from portico.domain.files.actions.sweep import sweep_content
from portico.domain.files.models import File
from portico.domain.ledger.check import differences
from portico.domain.ledger.models import Account, Entry, Item
from portico.intake.actions.import_file import Run
from portico.intake.tests.conftest import Written
from portico.intake.ubl.tests.samples import XRECHNUNG_EXTENSION, Row, Sample
from portico.output.pdf.document_sheet import document_sheet
from portico.output.pdf.pdf_files import document_pdf

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
ATTACHED = (
    "<cac:AdditionalDocumentReference><cbc:ID>Z-1</cbc:ID><cbc:DocumentDescription>Time sheet</cbc:DocumentDescription>"
    '<cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="../sheet.pdf">'
    f"{base64.b64encode(PDF).decode()}</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>"
    "</cac:AdditionalDocumentReference>"
)


def _attached(name: str, content: bytes) -> str:
    return ATTACHED.replace("../sheet.pdf", name).replace(
        base64.b64encode(PDF).decode(), base64.b64encode(content).decode()
    )


def _with_text() -> PngInfo:
    info = PngInfo()
    info.add_text("Comment", "taken on board")
    return info


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
        {"category": "S", "rate": "19", "taxable": 8000, "tax": 1520, "reason": "", "reason_code": ""},
        {"category": "Z", "rate": "0", "taxable": 2400, "tax": 0, "reason": "", "reason_code": ""},
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


def test_sub_lines_and_line_allowances_read_in_the_reader_s_language(run: Run) -> None:
    sub = (
        "<cac:SubInvoiceLine><cbc:ID>1.1</cbc:ID>{}"
        "<cbc:LineExtensionAmount currencyID='EUR'>45.00</cbc:LineExtensionAmount><cac:Item><cbc:Name>{}</cbc:Name>"
        "</cac:Item>{}</cac:SubInvoiceLine>"
    )
    quantity = "<cbc:InvoicedQuantity unitCode='HUR'>2.25</cbc:InvoicedQuantity>"
    price = "<cac:Price><cbc:PriceAmount currencyID='EUR'>20</cbc:PriceAmount></cac:Price>"
    allowance = (
        "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>{}"
        "<cbc:Amount currencyID='EUR'>5.00</cbc:Amount></cac:AllowanceCharge>"
    )
    reason = "<cbc:AllowanceChargeReason>Volume</cbc:AllowanceChargeReason>"
    inside = (
        f"<cbc:Note>By the day</cbc:Note>{allowance.format(reason)}{allowance.format('')}<!--after-->"
        f"{sub.format(quantity, 'Crane', price)}{sub.format('', 'Rope', '')}"
    )
    run.take(Sample(profile=XRECHNUNG_EXTENSION, rows=[Row(net="90.00", inside=inside)]).bytes(), name="a.xml")
    document = Document.objects.get()
    (line,) = document.lines.all()
    assert (line.gross, line.discount, line.amount, line.details) == (10000, 1000, 9000, "By the day")
    assert document_sheet(document, "en").lines.rows[0].details == (
        "By the day", "Volume: -€5.00", "Discount: -€5.00", "1.1 Crane: 2.25\u00a0h × €20.00 = €45.00",
        "1.1 Rope: €45.00",
    )  # fmt: skip
    german = document_sheet(document, "de").lines.rows[0].details
    assert german[2:4] == ("Rabatt: -5,00\u00a0€", "1.1 Crane: 2,25\u00a0Std. × 20,00\u00a0€ = 45,00\u00a0€")


def test_nothing_that_a_file_says_is_lost(run: Run) -> None:
    item = (
        "<cbc:AccountingCost>4711</cbc:AccountingCost>"
        "<cac:OrderLineReference><cbc:LineID>3</cbc:LineID></cac:OrderLineReference>"
    )
    sample = replace(FULL, rows=[Row("3", "33.50", inside=item), Row("2", "10", "Z", "0", name="Water")])
    xml = (
        sample.xml()
        .replace(
            "<cbc:Name>Mooring</cbc:Name>",
            "<cbc:Name>Mooring</cbc:Name><cac:BuyersItemIdentification><cbc:ID>B-7</cbc:ID></cac:BuyersItemIdentification>"
            "<cac:OriginCountry><cbc:IdentificationCode>NO</cbc:IdentificationCode></cac:OriginCountry>"
            "<cac:CommodityClassification><cbc:ItemClassificationCode listID='STI'>4510</cbc:ItemClassificationCode>"
            "</cac:CommodityClassification>",
            1,
        )
        .replace(
            "</cac:PayeeFinancialAccount>",
            "</cac:PayeeFinancialAccount><cac:PaymentMandate><cbc:ID>M-1</cbc:ID><cac:PayerFinancialAccount>"
            "<cbc:ID>NO9386011117947</cbc:ID></cac:PayerFinancialAccount></cac:PaymentMandate>",
            1,
        )
    )
    assert run.take(xml.encode(), name="a.xml").status == "imported"
    document = Document.objects.get()
    said = document.particulars
    assert said["profile"] == "urn:cen.eu:en16931:2017"
    assert said["process"] == "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
    assert said["notes"] == [{"subject": "AAI", "text": "Thank you."}]
    (means,) = said["payment_means"]
    assert (means["code"], means["mandate"], means["debited_account"]) == ("58", "M-1", "NO9386011117947")
    line = document.lines.all()[0].particulars
    assert (line["accounting_reference"], line["order_line"], line["buyer_item_number"]) == ("4711", "3", "B-7")
    assert (line["origin_country"], line["classifications"]) == ("NO", [{"value": "4510", "scheme": "STI"}])
    (row, _) = document_sheet(document, "en").lines.rows
    assert row.details == (
        "Order line 3 · Your item no. B-7 · Your accounting reference 4711 · Classification 4510 · Origin: Norway",
    )


def test_embedded_files_hang_on_the_document(run: Run) -> None:
    run.take(Sample(references=ATTACHED).bytes(), name="a.xml")
    document, file = Document.objects.get(), File.objects.get()
    assert (file.subject_kind, file.subject_id, file.customer_id) == ("invoice", document.pk, document.customer_id)
    assert (file.name, file.media_type, file.description) == ("sheet.pdf", "application/pdf", "Time sheet")
    assert file.read() == PDF


@pytest.mark.parametrize(
    ("references", "own"),
    [
        (ATTACHED + _attached("2026_0117.PDF", PDF), "2026_0117.PDF"),
        (_attached("Invoice-2026-0117.pdf", PDF), "Invoice-2026-0117.pdf"),
        (ATTACHED.replace("Z-1", "2026/0117"), "sheet.pdf"),
        (ATTACHED.replace("Time sheet", "Commercial Invoice"), "sheet.pdf"),
        (ATTACHED.replace("</cbc:ID>", "</cbc:ID><cbc:DocumentTypeCode>380</cbc:DocumentTypeCode>"), "sheet.pdf"),
        (ATTACHED, ""),
        (_attached("Timesheet-2026-0117.pdf", PDF), ""),
        (_attached("2026-0117.csv", b"a;b\n"), ""),
        (_attached("2026-0117.pdf", PDF) + _attached("invoice.pdf", PDF), ""),
    ],
)
def test_the_pdf_that_is_the_invoice_itself_is_told_by_its_name(run: Run, references: str, own: str) -> None:
    sample = Sample(references=references)
    assert Run(run.business, by=OPERATOR, dry_run=True).take(sample.bytes(), name="a.xml").own_pdf == own
    outcome = run.take(sample.bytes(), name="a.xml")
    assert outcome.own_pdf == own
    purposes = dict(File.objects.values_list("name", "purpose"))
    assert {name for name, purpose in purposes.items() if purpose == "document_pdf"} == ({own} if own else set())
    assert len(purposes) == references.count("EmbeddedDocumentBinaryObject") / 2
    assert document_pdf(Document.objects.get(), "en").startswith(PDF) == bool(own)


def test_the_pdf_beside_a_file_is_the_invoice_itself(run: Run, tmp_path: Path, written: Callable[[], Written]) -> None:
    beside = tmp_path / "a.pdf"
    beside.write_bytes(PDF + b"beside")
    sample = Sample(references=_attached("2026-0117.pdf", PDF))
    outcome = run.take(sample.bytes(), name="a.xml", pdf=beside)
    assert (outcome.own_pdf, outcome.warnings) == ("a.pdf", ())
    assert document_pdf(Document.objects.get(), "de") == PDF + b"beside"
    assert dict(File.objects.values_list("name", "purpose")) == {"a.pdf": "document_pdf", "2026-0117.pdf": "attachment"}
    before = written()
    beside.write_bytes(PDF + b"another")
    assert run.take(sample.bytes(), name="a.xml", pdf=beside).status == "unchanged"
    assert written() == before


def test_what_lies_beside_a_file_and_is_no_pdf_is_said_and_not_taken(run: Run, tmp_path: Path) -> None:
    beside = tmp_path / "a.pdf"
    beside.write_bytes(b"MZ\x90\x00")
    outcome = run.take(Sample().bytes(), name="a.xml", pdf=beside)
    assert (outcome.status, outcome.own_pdf) == ("imported", "")
    assert outcome.warnings == ("a.pdf beside it is not taken: it is no PDF.",)
    assert not File.objects.exists()


def test_the_file_is_kept_byte_for_byte(run: Run) -> None:
    content = Sample(references=ATTACHED).xml().encode("utf-16")
    outcome = run.take(content, name="../a.xml")
    assert outcome.document is not None
    (original,) = originals_of(outcome.document)
    assert (original.name, original.sha256, original.refused) == ("a.xml", hashlib.sha256(content).hexdigest(), "")
    with original.open() as stream:
        assert stream.read() == content
    assert sweep_content() == 0


def test_pictures_of_a_file_stay_as_they_came(run: Run) -> None:
    png = BytesIO()
    Image.new("RGB", (4, 4)).save(png, "PNG", pnginfo=_with_text())
    run.take(Sample(references=_attached("photo.png", png.getvalue())).bytes(), name="a.xml")
    assert File.objects.get().read() == png.getvalue()


def test_an_attachment_that_is_refused_is_kept_aside(run: Run) -> None:
    outcome = run.take(Sample(references=ATTACHED + _attached("run.exe", b"MZ\x90\x00")).bytes(), name="a.xml")
    assert (outcome.status, File.objects.get().name) == ("imported", "sheet.pdf")
    assert outcome.warnings == ("the attachment “run.exe” is kept aside: it is of a kind that is not kept.",)
    assert outcome.document is not None
    source, aside = originals_of(outcome.document)
    assert (source.refused, aside.name, aside.refused) == ("", "run.exe", "it is of a kind that is not kept")
    with aside.open() as stream:
        assert stream.read() == b"MZ\x90\x00"


def test_an_attachment_without_room_is_kept_aside(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_FILES_OF_SUBJECT", 0)
    outcome = run.take(Sample(references=ATTACHED).bytes(), name="a.xml")
    assert (outcome.status, File.objects.count()) == ("imported", 0)
    assert outcome.warnings == ("the attachment “sheet.pdf” is kept aside: There are too many files already.",)
    assert outcome.document is not None
    assert [original.name for original in originals_of(outcome.document)] == ["a.xml", "sheet.pdf"]


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
    dry_run = [dry.take(sample.bytes(), name="f") for sample in files]
    assert written() == before
    real = [run.take(sample.bytes(), name="f") for sample in files]
    assert [outcome.status for outcome in real] == ["imported", "unchanged", "refused", "imported", "refused"]
    for first, second in zip(dry_run, real, strict=True):
        assert (first.status, first.number, first.customer, first.payable) == (
            second.status, second.number, second.customer, second.payable,
        )  # fmt: skip
        assert first.where == second.where
        assert first.document is None
    afterwards = [Run(business, by=OPERATOR, dry_run=True).take(sample.bytes(), name="f") for sample in files]
    assert [outcome.status for outcome in afterwards] == ["unchanged", "unchanged", "refused", "unchanged", "refused"]
