"""Lines, their prices, allowances and charges, and periods."""

from decimal import Decimal

from portico.intake.parsed import Identifier, ParsedAllowance, ParsedItem, ParsedLine, ParsedPeriod
from portico.intake.ubl.node import Node
from portico.intake.ubl.parties import read_identifier

_INVOICED_OBJECT = "130"


def read_line(line: Node, currency: str, *, is_below: bool = False) -> ParsedLine:
    """Return an invoice or credit note line with the sub lines below it, which may lack quantity and price."""
    counted = "cbc:CreditedQuantity" if line.name.endswith("CreditNoteLine") else "cbc:InvoicedQuantity"
    quantity = line.one(counted) if is_below else line.need(counted)
    item = line.need("cac:Item")
    discount = line.one("cac:Price/cac:AllowanceCharge")
    tax = item.one("cac:ClassifiedTaxCategory")
    return ParsedLine(
        id=line.text("cbc:ID"),
        item=_item(item),
        note="\n".join(note.prose() for note in line.all("cbc:Note")),
        quantity=quantity.number() if quantity else None,
        unit=quantity.attribute("unitCode") if quantity else "",
        unit_price=line.price("cac:Price/cbc:PriceAmount", currency) if is_below else _needed_price(line, currency),
        base_quantity=_base_quantity(line),
        gross_price=discount.price("cbc:BaseAmount", currency) if discount else None,
        price_discount=discount.price("cbc:Amount", currency) if discount else None,
        net=line.needed_amount("cbc:LineExtensionAmount", currency),
        allowances=tuple(read_allowance(node, currency) for node in line.all("cac:AllowanceCharge")),
        tax_category=tax.text("cbc:ID") if tax else "",
        tax_rate=tax.number("cbc:Percent") if tax else None,
        period=read_period(line.one("cac:InvoicePeriod")),
        order_line=line.text("cac:OrderLineReference/cbc:LineID"),
        invoiced_object=_invoiced_object(line),
        accounting_reference=line.text("cbc:AccountingCost"),
        lines=tuple(
            read_line(below, currency, is_below=True)
            for path in ("cac:SubInvoiceLine", "cac:SubCreditNoteLine")
            for below in line.all(path)
        ),
    )


def _item(item: Node) -> ParsedItem:
    name = item.text("cbc:Name") or item.text("cbc:Description")
    if not name:
        raise item.refusal("this element is missing or empty.", "cbc:Name")
    properties = (
        (entry.text("cbc:Name"), entry.prose("cbc:Value")) for entry in item.all("cac:AdditionalItemProperty")
    )
    codes = item.all("cac:CommodityClassification/cbc:ItemClassificationCode")
    classifications = (read_identifier(code, "listID") for code in codes)
    return ParsedItem(
        name=name,
        description=item.prose("cbc:Description") if item.text("cbc:Name") else "",
        seller_id=item.text("cac:SellersItemIdentification/cbc:ID"),
        buyer_id=item.text("cac:BuyersItemIdentification/cbc:ID"),
        standard_id=read_identifier(item.one("cac:StandardItemIdentification/cbc:ID")),
        classifications=tuple(code for code in classifications if code is not None),
        attributes=tuple((key, value) for key, value in properties if key or value),
        origin_country=item.text("cac:OriginCountry/cbc:IdentificationCode").upper(),
    )


def _invoiced_object(line: Node) -> Identifier | None:
    for reference in line.all("cac:DocumentReference"):
        if reference.text("cbc:DocumentTypeCode") == _INVOICED_OBJECT:
            return read_identifier(reference.one("cbc:ID"))
    return None


def read_allowance(node: Node, currency: str) -> ParsedAllowance:
    """Return an allowance or charge of a document or of a line."""
    tax = node.one("cac:TaxCategory")
    return ParsedAllowance(
        charge=node.flag("cbc:ChargeIndicator"),
        amount=node.needed_amount("cbc:Amount", currency),
        reason=node.text("cbc:AllowanceChargeReason"),
        reason_code=node.text("cbc:AllowanceChargeReasonCode"),
        percent=node.number("cbc:MultiplierFactorNumeric"),
        base=node.price("cbc:BaseAmount", currency),
        tax_category=tax.text("cbc:ID") if tax else "",
        tax_rate=tax.number("cbc:Percent") if tax else None,
    )


def read_period(node: Node | None) -> ParsedPeriod:
    """Return a period; one that is not there has neither start nor end. Refuses an end before the start."""
    if node is None:
        return ParsedPeriod()
    period = ParsedPeriod(start=node.day("cbc:StartDate"), end=node.day("cbc:EndDate"))
    if period.start and period.end and period.end < period.start:
        raise node.need("cbc:EndDate").refusal(f"the period ends before it starts ({period.start}).")
    return period


def _needed_price(line: Node, currency: str) -> Decimal:
    price = line.need("cac:Price").need("cbc:PriceAmount")
    price.check_currency(currency)
    return price.number() or Decimal(0)


def _base_quantity(line: Node) -> Decimal:
    node = line.one("cac:Price/cbc:BaseQuantity")
    quantity = node.number() if node else None
    if node is None or quantity is None:
        return Decimal(1)
    if quantity <= 0:
        raise node.refusal("the quantity a price is for must be more than zero.")
    return quantity
