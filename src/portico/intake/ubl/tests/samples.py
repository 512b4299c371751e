"""Invoices and credit notes to read, written by a small generator: right by default, wrong where a test says so."""

from dataclasses import dataclass, field
from decimal import Decimal
from xml.sax.saxutils import escape

EN16931 = "urn:cen.eu:en16931:2017"
XRECHNUNG = f"{EN16931}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
XRECHNUNG_EXTENSION = f"{XRECHNUNG}#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0"
PEPPOL = f"{EN16931}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"

_NAMESPACES = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)

SELLER = """
<cac:Party>
  <cbc:EndpointID schemeID="0088">7300010000001</cbc:EndpointID>
  <cac:PartyName><cbc:Name>Nordlicht</cbc:Name></cac:PartyName>
  <cac:PostalAddress>
    <cbc:StreetName>Hafenstraße 4</cbc:StreetName><cbc:CityName>Kiel</cbc:CityName>
    <cbc:PostalZone>24103</cbc:PostalZone><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country>
  </cac:PostalAddress>
  <cac:PartyTaxScheme><cbc:CompanyID>DE811111111</cbc:CompanyID>
    <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
  <cac:PartyTaxScheme><cbc:CompanyID>20/290/00123</cbc:CompanyID>
    <cac:TaxScheme><cbc:ID>FC</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
  <cac:PartyLegalEntity><cbc:RegistrationName>Nordlicht Werft GmbH</cbc:RegistrationName>
    <cbc:CompanyID schemeID="0204">HRB 4711 KI</cbc:CompanyID>
    <cbc:CompanyLegalForm>Amtsgericht Kiel</cbc:CompanyLegalForm></cac:PartyLegalEntity>
  <cac:Contact><cbc:Name>Ole Petersen</cbc:Name><cbc:Telephone>+49 431 55501</cbc:Telephone>
    <cbc:ElectronicMail>ole@nordlicht.example</cbc:ElectronicMail></cac:Contact>
</cac:Party>"""


@dataclass
class Row:
    """One line; `net` is quantity × price unless given."""

    quantity: str = "1"
    price: str = "100.00"
    category: str = "S"
    rate: str | None = "19"
    name: str = "Mooring"
    net: str | None = None
    inside: str = ""
    price_inside: str = ""

    def amount(self) -> Decimal:
        return Decimal(self.net) if self.net else Decimal(self.quantity) * Decimal(self.price)


@dataclass
class Sample:
    """A document whose totals follow from its rows, unless a test sets them."""

    root: str = "Invoice"
    number: str = "2026-0117"
    type_code: str | None = None
    profile: str = EN16931
    currency: str = "EUR"
    rows: list[Row] = field(default_factory=lambda: [Row()])
    allowances: list[tuple[str, str, str, str | None]] = field(
        default_factory=list
    )  # "-" or "+", amount, category, rate
    seller: str = SELLER
    buyer_name: str = "Fjord & Söhne AS"
    buyer_inside: str = ""
    buyer_address: str = ""
    head: str = ""
    references: str = ""
    middle: str = ""
    tax_totals: str | None = None
    prepaid: str | None = None
    rounding: str | None = None
    totals: dict[str, str] = field(default_factory=dict)

    def xml(self) -> str:
        credit = self.root == "CreditNote"
        code = self.type_code if self.type_code is not None else ("381" if credit else "380")
        code_element = f"cbc:{self.root}TypeCode"
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<ubl:{self.root} xmlns:ubl="urn:oasis:names:specification:ubl:schema:xsd:{self.root}-2" {_NAMESPACES}>
<cbc:CustomizationID>{self.profile}</cbc:CustomizationID>
<cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>
<cbc:ID>{self.number}</cbc:ID>
<cbc:IssueDate>2026-03-14</cbc:IssueDate>
<{code_element}>{code}</{code_element}>
{self.head}
<cbc:DocumentCurrencyCode>{self.currency}</cbc:DocumentCurrencyCode>
{self.references}
<cac:AccountingSupplierParty>{self.seller}</cac:AccountingSupplierParty>
<cac:AccountingCustomerParty>{self._buyer()}</cac:AccountingCustomerParty>
{self.middle}
{"".join(self._allowance(*item) for item in self.allowances)}
{self.tax_totals if self.tax_totals is not None else self._tax_total()}
{self._monetary_total()}
{"".join(self._line(index, row) for index, row in enumerate(self.rows, 1))}
</ubl:{self.root}>
"""

    def bytes(self) -> bytes:
        return self.xml().encode()

    def _buyer(self) -> str:
        address = self.buyer_address or (
            "<cac:PostalAddress><cbc:StreetName>Bryggen 9</cbc:StreetName><cbc:CityName>Bergen</cbc:CityName>"
            "<cbc:PostalZone>5003</cbc:PostalZone>"
            "<cac:Country><cbc:IdentificationCode>NO</cbc:IdentificationCode></cac:Country></cac:PostalAddress>"
        )
        return f"""<cac:Party>{self.buyer_inside.partition("<!--after-->")[0]}{address}
{self.buyer_inside.partition("<!--after-->")[2]}
<cac:PartyLegalEntity><cbc:RegistrationName>{escape(self.buyer_name)}</cbc:RegistrationName></cac:PartyLegalEntity>
</cac:Party>"""

    def _money(self, name: str, amount: object) -> str:
        return f'<cbc:{name} currencyID="{self.currency}">{amount}</cbc:{name}>'

    def _category(self, element: str, category: str, rate: str | None) -> str:
        percent = f"<cbc:Percent>{rate}</cbc:Percent>" if rate is not None else ""
        return (
            f"<cac:{element}><cbc:ID>{category}</cbc:ID>{percent}"
            f"<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:{element}>"
        )

    def _allowance(self, sign: str, amount: str, category: str, rate: str | None) -> str:
        return (
            f"<cac:AllowanceCharge><cbc:ChargeIndicator>{'true' if sign == '+' else 'false'}</cbc:ChargeIndicator>"
            f"<cbc:AllowanceChargeReason>Freight</cbc:AllowanceChargeReason>"
            f"{self._money('Amount', amount)}{self._category('TaxCategory', category, rate)}</cac:AllowanceCharge>"
        )

    def _groups(self) -> dict[tuple[str, str | None], Decimal]:
        groups: dict[tuple[str, str | None], Decimal] = {}
        for row in self.rows:
            key = (row.category, row.rate)
            groups[key] = groups.get(key, Decimal(0)) + row.amount()
        for sign, amount, category, rate in self.allowances:
            delta = Decimal(amount) if sign == "+" else -Decimal(amount)
            groups[category, rate] = groups.get((category, rate), Decimal(0)) + delta
        return groups

    def _tax(self) -> Decimal:
        return sum((_percent(base, rate) for (_, rate), base in self._groups().items()), Decimal(0))

    def _tax_total(self) -> str:
        subtotals = "".join(
            f"<cac:TaxSubtotal>{self._money('TaxableAmount', base)}{self._money('TaxAmount', _percent(base, rate))}"
            f"{self._category('TaxCategory', category, rate)}</cac:TaxSubtotal>"
            for (category, rate), base in self._groups().items()
        )
        return f"<cac:TaxTotal>{self._money('TaxAmount', self._tax())}{subtotals}</cac:TaxTotal>"

    def _monetary_total(self) -> str:
        lines = sum((row.amount() for row in self.rows), Decimal(0))
        allowances = sum((Decimal(item[1]) for item in self.allowances if item[0] == "-"), Decimal(0))
        charges = sum((Decimal(item[1]) for item in self.allowances if item[0] == "+"), Decimal(0))
        without_tax = lines - allowances + charges
        with_tax = without_tax + self._tax()
        payable = with_tax - Decimal(self.prepaid or 0) + Decimal(self.rounding or 0)
        values: dict[str, object] = {"LineExtensionAmount": lines, "TaxExclusiveAmount": without_tax}
        values["TaxInclusiveAmount"] = with_tax
        if allowances:
            values["AllowanceTotalAmount"] = allowances
        if charges:
            values["ChargeTotalAmount"] = charges
        if self.prepaid:
            values["PrepaidAmount"] = self.prepaid
        if self.rounding:
            values["PayableRoundingAmount"] = self.rounding
        values["PayableAmount"] = payable
        values |= self.totals
        inside = "".join(self._money(name, value) for name, value in values.items() if value != "absent")
        return f"<cac:LegalMonetaryTotal>{inside}</cac:LegalMonetaryTotal>"

    def _line(self, index: int, row: Row) -> str:
        element, quantity = (
            ("InvoiceLine", "InvoicedQuantity") if self.root == "Invoice" else ("CreditNoteLine", "CreditedQuantity")
        )
        return f"""<cac:{element}><cbc:ID>{index}</cbc:ID>
<cbc:{quantity} unitCode="C62">{row.quantity}</cbc:{quantity}>
{self._money("LineExtensionAmount", row.amount())}
{row.inside.partition("<!--after-->")[0]}
<cac:Item><cbc:Name>{row.name}</cbc:Name>{self._category("ClassifiedTaxCategory", row.category, row.rate)}</cac:Item>
<cac:Price>{self._money("PriceAmount", row.price)}{row.price_inside}</cac:Price>
{row.inside.partition("<!--after-->")[2]}</cac:{element}>
"""


def _percent(base: Decimal, rate: str | None) -> Decimal:
    return (base * Decimal(rate or 0) / 100).quantize(Decimal("0.01"))
