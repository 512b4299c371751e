"""Everything else a document says."""

import base64
from datetime import date
from decimal import Decimal

import pytest

from portico.intake.errors import Unreadable
from portico.intake.parsed import (
    Identifier,
    ParsedAddress,
    ParsedContact,
    ParsedItem,
    ParsedNote,
    ParsedPaymentMeans,
    ParsedPeriod,
    ParsedReference,
)
from portico.intake.ubl.document import read_ubl
from portico.intake.ubl.tests.samples import XRECHNUNG_EXTENSION, Row, Sample

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


def test_reads_the_seller_with_every_identifier() -> None:
    seller = read_ubl(Sample().bytes()).seller
    assert (seller.name, seller.trading_name) == ("Nordlicht Werft GmbH", "Nordlicht")
    assert (seller.vat_id, seller.tax_number) == ("DE811111111", "20/290/00123")
    assert seller.legal_id == Identifier("HRB 4711 KI", "0204")
    assert seller.endpoint == Identifier("7300010000001", "0088")
    assert seller.legal_form == "Amtsgericht Kiel"
    assert seller.address == ParsedAddress(line1="Hafenstraße 4", city="Kiel", postal_code="24103", country="DE")
    assert seller.contact == ParsedContact("Ole Petersen", "+49 431 55501", "ole@nordlicht.example")


def test_reads_the_buyer() -> None:
    document = read_ubl(
        Sample(
            buyer_inside='<cbc:EndpointID schemeID="EM">ap@fjord.example</cbc:EndpointID>'
            '<cac:PartyIdentification><cbc:ID schemeID="0192">987654321</cbc:ID></cac:PartyIdentification>',
            buyer_address="<cac:PostalAddress><cbc:StreetName>Bryggen 9</cbc:StreetName>"
            "<cbc:AdditionalStreetName>Bakgård</cbc:AdditionalStreetName><cbc:CityName>Bergen</cbc:CityName>"
            "<cbc:CountrySubentity>Vestland</cbc:CountrySubentity>"
            "<cac:AddressLine><cbc:Line>3. etasje</cbc:Line></cac:AddressLine></cac:PostalAddress>",
        ).bytes()
    )
    buyer = document.buyer
    assert buyer.name == "Fjord & Söhne AS"
    assert buyer.endpoint == Identifier("ap@fjord.example", "EM")
    assert buyer.identifiers == (Identifier("987654321", "0192"),)
    assert buyer.address == ParsedAddress("Bryggen 9", "Bakgård", "3. etasje", "Bergen", "", "Vestland", "")


def test_reads_dates_references_notes_terms_and_period() -> None:
    document = read_ubl(
        Sample(
            head="<cbc:DueDate>2026-04-13+02:00</cbc:DueDate><cbc:Note>#AAI#Thank you.</cbc:Note>"
            "<cbc:Note>Berth 7\nquay north</cbc:Note><cbc:TaxPointDate>2026-03-13</cbc:TaxPointDate>",
            references="<cbc:AccountingCost>4711</cbc:AccountingCost><cbc:BuyerReference>04011-X</cbc:BuyerReference>"
            "<cac:InvoicePeriod><cbc:StartDate>2026-02-01</cbc:StartDate><cbc:EndDate>2026-02-28</cbc:EndDate>"
            "</cac:InvoicePeriod>"
            "<cac:OrderReference><cbc:ID>PO-9</cbc:ID><cbc:SalesOrderID>SO-3</cbc:SalesOrderID></cac:OrderReference>"
            "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>2026-0100</cbc:ID>"
            "<cbc:IssueDate>2026-02-01</cbc:IssueDate></cac:InvoiceDocumentReference></cac:BillingReference>"
            "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>2026-0101</cbc:ID>"
            "</cac:InvoiceDocumentReference></cac:BillingReference>"
            "<cac:DespatchDocumentReference><cbc:ID>D-1</cbc:ID></cac:DespatchDocumentReference>"
            "<cac:ReceiptDocumentReference><cbc:ID>R-1</cbc:ID></cac:ReceiptDocumentReference>"
            "<cac:OriginatorDocumentReference><cbc:ID>T-1</cbc:ID></cac:OriginatorDocumentReference>"
            "<cac:ContractDocumentReference><cbc:ID>C-1</cbc:ID></cac:ContractDocumentReference>"
            "<cac:ProjectReference><cbc:ID>P-1</cbc:ID></cac:ProjectReference>",
            middle="<cac:PaymentTerms><cbc:Note>#SKONTO#TAGE=7#PROZENT=2.00#\n</cbc:Note></cac:PaymentTerms>"
            "<cac:PaymentTerms><cbc:Note>30 days net.</cbc:Note></cac:PaymentTerms>",
        ).bytes()
    )
    assert (document.issued_on, document.due_on) == (date(2026, 3, 14), date(2026, 4, 13))
    assert document.tax_point_on == date(2026, 3, 13)
    assert document.notes == (ParsedNote("Thank you.", "AAI"), ParsedNote("Berth 7\nquay north"))
    assert document.period == ParsedPeriod(date(2026, 2, 1), date(2026, 2, 28))
    assert (document.buyer_reference, document.accounting_reference) == ("04011-X", "4711")
    assert [(reference.kind, reference.value) for reference in document.references] == [
        ("preceding_invoice", "2026-0100"),
        ("preceding_invoice", "2026-0101"),
        ("purchase_order", "PO-9"),
        ("sales_order", "SO-3"),
        ("contract", "C-1"),
        ("project", "P-1"),
        ("despatch", "D-1"),
        ("receipt", "R-1"),
        ("tender", "T-1"),
    ]
    assert document.references[0].issued_on == date(2026, 2, 1)
    assert document.terms == "#SKONTO#TAGE=7#PROZENT=2.00#\n30 days net."


def test_leaves_out_peppols_placeholder_for_an_unknown_order() -> None:
    references = "<cac:OrderReference><cbc:ID>NA</cbc:ID><cbc:SalesOrderID>SO-3</cbc:SalesOrderID></cac:OrderReference>"
    document = read_ubl(Sample(references=references).bytes())
    assert (document.reference("purchase_order"), document.reference("sales_order")) == ("", "SO-3")


def test_reads_delivery_payee_representative_and_payment_means() -> None:
    document = read_ubl(
        Sample(
            middle="<cac:PayeeParty><cac:PartyName><cbc:Name>Factor AG</cbc:Name></cac:PartyName></cac:PayeeParty>"
            "<cac:TaxRepresentativeParty><cac:PartyName><cbc:Name>Fisk Rep</cbc:Name></cac:PartyName>"
            "<cac:PartyTaxScheme><cbc:CompanyID>NO1</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
            "</cac:PartyTaxScheme></cac:TaxRepresentativeParty>"
            "<cac:Delivery><cbc:ActualDeliveryDate>2026-03-10</cbc:ActualDeliveryDate><cac:DeliveryLocation>"
            "<cbc:ID schemeID='0088'>735</cbc:ID><cac:Address><cbc:CityName>Oslo</cbc:CityName></cac:Address>"
            "</cac:DeliveryLocation></cac:Delivery>"
            "<cac:PaymentMeans><cbc:PaymentMeansCode name='Transfer'>30</cbc:PaymentMeansCode>"
            "<cbc:PaymentID>RF18 5390</cbc:PaymentID><cac:PayeeFinancialAccount><cbc:ID>DE02</cbc:ID>"
            "<cbc:Name>Nordlicht</cbc:Name><cac:FinancialInstitutionBranch><cbc:ID>NOLADE21</cbc:ID>"
            "</cac:FinancialInstitutionBranch></cac:PayeeFinancialAccount></cac:PaymentMeans>"
            "<cac:PaymentMeans><cbc:PaymentMeansCode>59</cbc:PaymentMeansCode><cac:PaymentMandate><cbc:ID>M-1</cbc:ID>"
            "<cac:PayerFinancialAccount><cbc:ID>NO93</cbc:ID></cac:PayerFinancialAccount></cac:PaymentMandate>"
            "</cac:PaymentMeans><cac:PaymentMeans><cbc:PaymentMeansCode>48</cbc:PaymentMeansCode><cac:CardAccount>"
            "<cbc:PrimaryAccountNumberID>123456</cbc:PrimaryAccountNumberID><cbc:NetworkID>VISA</cbc:NetworkID>"
            "<cbc:HolderName>K. Fjord</cbc:HolderName></cac:CardAccount></cac:PaymentMeans>",
        ).bytes()
    )
    assert document.payee is not None
    assert document.payee.name == "Factor AG"
    assert document.tax_representative is not None
    assert (document.tax_representative.name, document.tax_representative.vat_id) == ("Fisk Rep", "NO1")
    assert document.delivery is not None
    assert document.delivery.delivered_on == date(2026, 3, 10)
    assert (document.delivery.location, document.delivery.address.city) == (Identifier("735", "0088"), "Oslo")
    transfer, debit, card = document.payment_means
    assert transfer == ParsedPaymentMeans("30", "Transfer", "RF18 5390", "DE02", "Nordlicht", "NOLADE21")
    assert (debit.code, debit.mandate, debit.debited_account) == ("59", "M-1", "NO93")
    assert (card.card_number, card.card_holder, card.card_network) == ("123456", "K. Fjord", "VISA")


def test_reads_everything_on_a_line() -> None:
    inside = (
        "<cbc:Note>Paid by the day</cbc:Note><cbc:AccountingCost>K-7</cbc:AccountingCost>"
        "<cac:InvoicePeriod><cbc:StartDate>2026-03-01</cbc:StartDate></cac:InvoicePeriod>"
        "<cac:OrderLineReference><cbc:LineID>10</cbc:LineID></cac:OrderLineReference>"
        "<cac:DocumentReference><cbc:ID schemeID='AAB'>AB-1</cbc:ID>"
        "<cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:DocumentReference>"
    )
    discount = (
        "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
        "<cbc:Amount currencyID='EUR'>5.125</cbc:Amount><cbc:BaseAmount currencyID='EUR'>55.125</cbc:BaseAmount>"
        "</cac:AllowanceCharge>"
    )
    line = read_ubl(Sample(rows=[Row("2", "50.00", inside=inside, price_inside=discount)]).bytes()).lines[0]
    assert (line.id, line.note) == ("1", "Paid by the day")
    assert (line.quantity, line.unit, line.unit_price, line.net) == (Decimal(2), "C62", Decimal(50), 10000)
    assert (line.gross_price, line.price_discount) == (Decimal("55.125"), Decimal("5.125"))
    assert (line.order_line, line.accounting_reference) == ("10", "K-7")
    assert line.invoiced_object == Identifier("AB-1", "AAB")
    assert line.period == ParsedPeriod(date(2026, 3, 1), None)
    assert (line.tax_category, line.tax_rate) == ("S", Decimal(19))


def test_reads_everything_about_an_item() -> None:
    item = (
        "<cac:Item><cbc:Description>Berth with power</cbc:Description><cbc:Name>Mooring</cbc:Name>"
        "<cac:BuyersItemIdentification><cbc:ID>B-1</cbc:ID></cac:BuyersItemIdentification>"
        "<cac:SellersItemIdentification><cbc:ID>S-1</cbc:ID></cac:SellersItemIdentification>"
        "<cac:StandardItemIdentification><cbc:ID schemeID='0160'>735000</cbc:ID></cac:StandardItemIdentification>"
        "<cac:OriginCountry><cbc:IdentificationCode>no</cbc:IdentificationCode></cac:OriginCountry>"
        "<cac:CommodityClassification><cbc:ItemClassificationCode listID='STI'>86776</cbc:ItemClassificationCode>"
        "</cac:CommodityClassification><cac:AdditionalItemProperty><cbc:Name>Power</cbc:Name>"
        "<cbc:Value>16 A</cbc:Value></cac:AdditionalItemProperty>"
    )
    xml = Sample().xml().replace("<cac:Item><cbc:Name>Mooring</cbc:Name>", item)
    assert read_ubl(xml.encode()).lines[0].item == ParsedItem(
        name="Mooring",
        description="Berth with power",
        seller_id="S-1",
        buyer_id="B-1",
        standard_id=Identifier("735000", "0160"),
        classifications=(Identifier("86776", "STI"),),
        attributes=(("Power", "16 A"),),
        origin_country="NO",
    )


def test_keeps_sub_lines_below_their_line() -> None:
    sub = (
        "<cac:SubInvoiceLine><cbc:ID>1.1</cbc:ID><cbc:InvoicedQuantity unitCode='HUR'>4</cbc:InvoicedQuantity>"
        "<cbc:LineExtensionAmount currencyID='EUR'>100.00</cbc:LineExtensionAmount>"
        "<cac:Item><cbc:Name>Crane</cbc:Name></cac:Item>"
        "<cac:Price><cbc:PriceAmount currencyID='EUR'>25</cbc:PriceAmount></cac:Price></cac:SubInvoiceLine>"
    )
    document = read_ubl(Sample(profile=XRECHNUNG_EXTENSION, rows=[Row(inside="<!--after-->" + sub)]).bytes())
    assert [line.item.name for line in document.lines] == ["Mooring"]
    assert [(line.id, line.item.name, line.net) for line in document.lines[0].lines] == [("1.1", "Crane", 10000)]
    assert document.totals.lines == 10000


def test_sub_lines_may_lack_quantity_and_price() -> None:
    sub = (
        "<cac:SubInvoiceLine><cbc:ID>1.1</cbc:ID>"
        "<cbc:LineExtensionAmount currencyID='EUR'>100.00</cbc:LineExtensionAmount>"
        "<cac:Item><cbc:Name>Crane</cbc:Name></cac:Item></cac:SubInvoiceLine>"
    )
    document = read_ubl(Sample(profile=XRECHNUNG_EXTENSION, rows=[Row(inside="<!--after-->" + sub)]).bytes())
    (below,) = document.lines[0].lines
    assert (below.quantity, below.unit_price, below.net) == (None, None, 10000)
    assert document.lines[0].quantity == 1


def additional(inside: str, reference: str = "Anlage 1") -> str:
    return (
        f"<cac:AdditionalDocumentReference><cbc:ID>{reference}</cbc:ID>"
        f"<cbc:DocumentDescription>Time sheet</cbc:DocumentDescription>{inside}</cac:AdditionalDocumentReference>"
    )


def embedded(content: bytes, mime: str, filename: str | None = "sheet.pdf") -> str:
    name = f' filename="{filename}"' if filename is not None else ""
    text = base64.encodebytes(content).decode()
    return additional(
        f'<cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode="{mime}"{name}>{text}'
        "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>"
    )


def test_reads_an_embedded_file() -> None:
    document = read_ubl(Sample(references=embedded(PDF, "application/pdf")).bytes())
    (attachment,) = document.attachments
    assert (attachment.filename, attachment.media_type, attachment.content) == ("sheet.pdf", "application/pdf", PDF)
    assert (attachment.reference, attachment.description) == ("Anlage 1", "Time sheet")
    assert document.references == ()


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\tmp\\a.pdf", "a.pdf"), (None, "Anlage_1"), ("", "Anlage_1")],
)
def test_takes_a_file_name_never_a_path(given: str | None, kept: str) -> None:
    document = read_ubl(Sample(references=embedded(PDF, "application/pdf", given)).bytes())
    assert document.attachments[0].filename == kept


@pytest.mark.parametrize(
    ("content", "declared", "kept"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "image/png", "image/png"),
        (b"\x00\x01\x02 made up", "application/pdf", "application/octet-stream"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(40), "image/jpeg", "image/jpeg"),
        (b"hours;rate\n4;25\n", "text/csv", "text/plain"),
        (b"<?xml version='1.0'?><hours/>", "application/xml", "application/xml"),
        (PDF, "image/png", "application/pdf"),
        (b"no pdf at all", "application/pdf", "text/plain"),
    ],
)
def test_trusts_the_bytes_of_an_attachment(content: bytes, declared: str, kept: str) -> None:
    document = read_ubl(Sample(references=embedded(content, declared)).bytes())
    assert document.attachments[0].media_type == kept


@pytest.mark.parametrize(
    ("content", "declared"),
    [
        (b"MZ\x90\x00", "application/pdf"),
        (b"#!/bin/sh\nrm -rf /\n", "text/csv"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "application/xml"),
        (b"\n<!DOCTYPE html><script>alert(1)</script>", "text/csv"),
        (b"<svg/>", "image/svg+xml"),
    ],
)
def test_an_attachment_that_could_run_refuses_itself_alone(content: bytes, declared: str) -> None:
    document = read_ubl(Sample(references=embedded(content, declared)).bytes())
    (attachment,) = document.attachments
    assert (attachment.content, attachment.refused) == (content, "it is of a kind that is not kept")
    assert document.warnings == (
        f"the attachment “{attachment.filename}” is kept aside: it is of a kind that is not kept.",
    )


@pytest.mark.parametrize("markup", [b"<html><body>", b"<?xml-stylesheet href='a'?>", b"<script>alert(1)</script>"])
def test_markup_inside_a_pdf_is_data(markup: bytes) -> None:
    document = read_ubl(Sample(references=embedded(PDF + b"%" + markup, "application/pdf")).bytes())
    (attachment,) = document.attachments
    assert (attachment.media_type, attachment.refused, document.warnings) == ("application/pdf", "", ())


def test_an_attachment_that_is_no_base64_is_said() -> None:
    xml = Sample(references=embedded(PDF, "application/pdf")).xml().replace("JVBERi", "JVB*Ri")
    document = read_ubl(xml.encode())
    assert (document.attachments[0].content, document.attachments[0].refused) == (b"", "it is not base64")
    assert "is kept aside: it is not base64" in document.warnings[0]


@pytest.mark.parametrize("day", ["1899-12-31", "2200-01-01", "9999-12-31", "0001-01-01"])
def test_dates_lie_where_the_calendar_can_count(day: str) -> None:
    xml = Sample().xml().replace("2026-03-14", day)
    with pytest.raises(Unreadable, match="between 1900 and 2199") as caught:
        read_ubl(xml.encode())
    assert caught.value.place == "cbc:IssueDate"


def test_keeps_links_and_invoiced_objects_as_references() -> None:
    link = (
        "<cac:Attachment><cac:ExternalReference><cbc:URI>https://x.example/a</cbc:URI></cac:ExternalReference>"
        "</cac:Attachment>"
    )
    metered = (
        "<cac:AdditionalDocumentReference><cbc:ID schemeID='AVE'>MTR-7</cbc:ID>"
        "<cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>"
    )
    document = read_ubl(Sample(references=additional(link) + metered).bytes())
    assert document.references == (
        ParsedReference("document", "Anlage 1", description="Time sheet", url="https://x.example/a"),
        ParsedReference("invoiced_object", "MTR-7", scheme="AVE"),
    )


@pytest.mark.parametrize(
    ("element", "place"),
    [
        ("<cbc:ID>2026-0117</cbc:ID>", "cbc:ID"),
        ("<cbc:IssueDate>2026-03-14</cbc:IssueDate>", "cbc:IssueDate"),
        ("<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>", "cbc:InvoiceTypeCode"),
        ("<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", "cbc:DocumentCurrencyCode"),
        (
            "<cbc:RegistrationName>Fjord &amp; Söhne AS</cbc:RegistrationName>",
            "cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName",
        ),
        ('<cbc:PayableAmount currencyID="EUR">119.00</cbc:PayableAmount>', "cac:LegalMonetaryTotal/cbc:PayableAmount"),
        ('<cbc:InvoicedQuantity unitCode="C62">1</cbc:InvoicedQuantity>', "cac:InvoiceLine/cbc:InvoicedQuantity"),
        ("<cbc:Name>Mooring</cbc:Name>", "cac:InvoiceLine/cac:Item/cbc:Name"),
    ],
)
def test_says_which_element_is_missing(element: str, place: str) -> None:
    xml = Sample().xml()
    assert element in xml
    for broken in (xml.replace(element, ""), xml.replace(element, element[: element.index(">")] + "/>")):
        with pytest.raises(Unreadable) as caught:
            read_ubl(broken.encode())
        assert caught.value.place == place
        assert caught.value.line


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("2026-03-14", "14.03.2026", "“14.03.2026” is not a date"),
        ("2026-03-14", "2026-02-30", "“2026-02-30” is not a date"),
        (">EUR<", ">EURO<", "not an ISO 4217"),
        (">119.00<", ">119,00<", "“119,00” is not a decimal"),
        (">119.00<", ">1.19E2<", "is not a decimal"),
        (">119.00<", ">NaN<", "is not a decimal"),
        (">119.00<", ">99999999999999<", "larger than an amount"),
    ],
)
def test_says_what_is_wrong_with_a_value(before: str, after: str, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_ubl(Sample().xml().replace(before, after).encode())
    assert reason in caught.value.message
    assert caught.value.line
    assert caught.value.where.startswith(f"line {caught.value.line}, cbc:") or "cac:" in caught.value.where


def test_names_the_line_among_its_like() -> None:
    with pytest.raises(Unreadable) as caught:
        read_ubl(
            Sample(
                rows=[Row(), Row(inside="<cac:InvoicePeriod><cbc:StartDate>x</cbc:StartDate></cac:InvoicePeriod>")]
            ).bytes()
        )
    assert caught.value.place == "cac:InvoiceLine[2]/cac:InvoicePeriod/cbc:StartDate"


def test_refuses_a_period_that_ends_before_it_starts() -> None:
    period = (
        "<cac:InvoicePeriod><cbc:StartDate>2026-03-02</cbc:StartDate><cbc:EndDate>2026-03-01</cbc:EndDate>"
        "</cac:InvoicePeriod>"
    )
    with pytest.raises(Unreadable, match="ends before it starts"):
        read_ubl(Sample(references=period).bytes())


def test_drops_control_characters_and_direction_marks() -> None:
    document = read_ubl(Sample(number="2026\u202e-0117", buyer_name="Fjord\u0085AS").bytes())
    assert document.number == "2026-0117"
    assert document.buyer.name == "Fjord AS", "a line end parts words"
