"""A whole UBL invoice or credit note."""

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from portico.intake.errors import Unreadable
from portico.intake.parsed import (
    DocumentKind,
    ParsedDocument,
    ParsedNote,
    ParsedParty,
    ParsedPaymentMeans,
    ParsedReference,
)
from portico.intake.ubl import rules
from portico.intake.ubl.attachments import own_pdf, read_additional_documents
from portico.intake.ubl.lines import read_allowance, read_line, read_period
from portico.intake.ubl.node import Node, shown
from portico.intake.ubl.parties import read_delivery, read_optional_party, read_party
from portico.intake.ubl.totals import read_taxes, read_third_party_payments, read_totals
from portico.intake.ubl.xml import checksum, parse_xml

_INVOICE = "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice"
_CREDIT_NOTE = "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote"
# Codes of UNTDID 1001 that EN 16931 counts as credit notes; some programs write them into an Invoice element.
_CREDIT_NOTE_CODES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
_OTHER_ROOTS = {
    "CrossIndustryInvoice": "this is a CII invoice; only UBL is read for now.",
    "CrossIndustryDocument": "this is a ZUGFeRD 1 invoice; only UBL is read for now.",
    "StandardBusinessDocument": "this is a network envelope; import the invoice inside it.",
}
# XRechnung writes the code of a note's subject before its text.
_NOTE_SUBJECT = re.compile(r"#([A-Z]{3})#(.*)", re.DOTALL)
_LONGEST_NUMBER = 100
# Peppol's placeholder where only the sales order is known.
_NO_ORDER = "NA"


def read_ubl(content: bytes) -> ParsedDocument:
    """Return what a UBL 2.x invoice or credit note says.

    Raises Unreadable, with line and element, for a file that is none, or whose figures contradict EN 16931.
    """
    element = parse_xml(content)
    root = Node(element)
    document = _with_surroundings(root, _with_figures(root, _kind(element), checksum(element)))
    warnings = (*rules.check(root, document), *_refused(document))
    third_parties = document.third_party_payments if rules.pays_third_parties(document) else ()
    return replace(document, third_party_payments=third_parties, warnings=warnings)


def _refused(document: ParsedDocument) -> Iterator[str]:
    for attachment in document.attachments:
        if attachment.refused:
            yield f"the attachment {shown(attachment.filename)} is kept aside: {attachment.refused}."


def _with_figures(root: Node, kind: DocumentKind, digest: str) -> ParsedDocument:
    """What every document has: number, date, parties, lines and totals."""
    line_path = "cac:InvoiceLine" if kind == "invoice" else "cac:CreditNoteLine"
    type_code = root.needed_text("cbc:InvoiceTypeCode" if kind == "invoice" else "cbc:CreditNoteTypeCode")
    number = root.need("cbc:ID")
    root.need("cbc:DocumentCurrencyCode")
    currency = root.currency("cbc:DocumentCurrencyCode")
    tax_currency = root.currency("cbc:TaxCurrencyCode")
    root.need(line_path)
    return ParsedDocument(
        kind="credit_note" if type_code in _CREDIT_NOTE_CODES else kind,
        number=_number(root),
        number_line=number.line,
        number_place=number.place,
        type_code=type_code,
        issued_on=root.needed_day("cbc:IssueDate"),
        currency=currency,
        tax_currency=tax_currency,
        seller=_trading_party(root, "cac:AccountingSupplierParty/cac:Party"),
        buyer=_trading_party(root, "cac:AccountingCustomerParty/cac:Party"),
        allowances=tuple(read_allowance(node, currency) for node in root.all("cac:AllowanceCharge")),
        lines=tuple(read_line(node, currency) for node in root.all(line_path)),
        totals=read_totals(root, currency, tax_currency),
        taxes=read_taxes(root, currency),
        third_party_payments=read_third_party_payments(root, currency),
        checksum=digest,
    )


def _with_surroundings(root: Node, document: ParsedDocument) -> ParsedDocument:
    """What a document may have: dates, references, texts, delivery, payment and attachments."""
    references, attachments = read_additional_documents(root)
    return replace(
        document,
        due_on=root.day("cbc:DueDate") or root.day("cac:PaymentMeans/cbc:PaymentDueDate"),
        tax_point_on=root.day("cbc:TaxPointDate"),
        profile=root.text("cbc:CustomizationID"),
        process=root.text("cbc:ProfileID"),
        buyer_reference=root.text("cbc:BuyerReference"),
        accounting_reference=root.text("cbc:AccountingCost"),
        references=(*_references(root), *references),
        notes=tuple(_note(node) for node in root.all("cbc:Note")),
        period=read_period(root.one("cac:InvoicePeriod")),
        delivery=read_delivery(root.one("cac:Delivery")),
        terms="\n".join(note.prose() for note in root.all("cac:PaymentTerms/cbc:Note")),
        payment_means=tuple(_payment_means(node) for node in root.all("cac:PaymentMeans")),
        payee=read_optional_party(root.one("cac:PayeeParty")),
        tax_representative=read_optional_party(root.one("cac:TaxRepresentativeParty")),
        attachments=attachments,
        own_pdf=own_pdf(attachments, number=document.number, type_code=document.type_code),
    )


def _number(root: Node) -> str:
    number = root.needed_text("cbc:ID")
    if len(number) > _LONGEST_NUMBER:
        raise root.need("cbc:ID").refusal(f"a number has at most {_LONGEST_NUMBER} characters.")
    return number


def _kind(element: etree._Element) -> DocumentKind:
    if element.tag == _INVOICE:
        return "invoice"
    if element.tag == _CREDIT_NOTE:
        return "credit_note"
    name = etree.QName(element)
    message = _OTHER_ROOTS.get(
        name.localname,
        f"the root element is {shown(name.localname)}"
        + (f" of {shown(name.namespace)}" if name.namespace else " without a namespace")
        + "; a UBL 2 Invoice or CreditNote is read.",
    )
    raise Unreadable(message, line=Node(element).line, code="not_ubl")


def _trading_party(root: Node, path: str) -> ParsedParty:
    return read_party(root.one(path), within=root, path=path)


def _references(root: Node) -> Iterator[ParsedReference]:
    for reference in root.all("cac:BillingReference/cac:InvoiceDocumentReference"):
        yield ParsedReference(
            "preceding_invoice", reference.needed_text("cbc:ID"), issued_on=reference.day("cbc:IssueDate")
        )
    paths = (
        ("purchase_order", "cac:OrderReference/cbc:ID"),
        ("sales_order", "cac:OrderReference/cbc:SalesOrderID"),
        ("contract", "cac:ContractDocumentReference/cbc:ID"),
        ("project", "cac:ProjectReference/cbc:ID"),
        ("despatch", "cac:DespatchDocumentReference/cbc:ID"),
        ("receipt", "cac:ReceiptDocumentReference/cbc:ID"),
        ("tender", "cac:OriginatorDocumentReference/cbc:ID"),
    )
    for kind, path in paths:
        for node in root.all(path):
            if not (kind == "purchase_order" and node.text() == _NO_ORDER):
                yield ParsedReference(kind, node.text(), scheme=node.attribute("schemeID"))


def _note(node: Node) -> ParsedNote:
    text = node.prose()
    match = _NOTE_SUBJECT.fullmatch(text)
    return ParsedNote(match[2].strip(), match[1]) if match else ParsedNote(text)


def _payment_means(node: Node) -> ParsedPaymentMeans:
    code = node.one("cbc:PaymentMeansCode")
    account = "cac:PayeeFinancialAccount"
    return ParsedPaymentMeans(
        code=code.text() if code else "",
        text=(code.attribute("name") if code else "") or node.text("cbc:InstructionNote"),
        remittance=", ".join(reference.text() for reference in node.all("cbc:PaymentID")),
        account=node.text(f"{account}/cbc:ID"),
        account_name=node.text(f"{account}/cbc:Name"),
        bank=node.text(f"{account}/cac:FinancialInstitutionBranch/cbc:ID"),
        card_number=node.text("cac:CardAccount/cbc:PrimaryAccountNumberID"),
        card_holder=node.text("cac:CardAccount/cbc:HolderName"),
        card_network=node.text("cac:CardAccount/cbc:NetworkID"),
        mandate=node.text("cac:PaymentMandate/cbc:ID"),
        debited_account=node.text("cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID"),
    )
