"""An e-invoice that Nordwind wrote in another program and imported: with everything that a file may say."""

import base64
from datetime import date

from portico.demo.business import DemoBusiness
from portico.demo.letter import letter
from portico.domain.activity.actor import OPERATOR
from portico.intake.actions.import_file import Run

_WORDS = """Standbau auf der Messe, drei Personen mit Werkzeug und Wagen

3 Tage zu 1.000,00 EUR = 3.000,00 EUR. Messerabatt: 100,00 EUR.

Zu zahlen bis {due_on}: 2.900,00 EUR. Ausfuhr, frei von deutscher Umsatzsteuer."""
_UBL = "urn:oasis:names:specification:ubl:schema:xsd"


def imported_invoice(demo: DemoBusiness) -> None:
    """Import it on the day it was written."""

    def take() -> None:
        content = _file(demo.day(18), demo.day(-12)).encode()
        Run(next(iter(demo.customers.values())).business, by=OPERATOR).take(content, name="AR-2211.xml")

    demo.on(18, take)


def _file(issued_on: date, due_on: date) -> str:  # long: it is one file, in the order of its elements
    pdf = base64.b64encode(letter("Stundennachweis", "Werkstatt", "Drei Tage Aufbau in Oslo.", "")).decode()
    own = base64.b64encode(
        letter("Rechnung AR-2211", "Fjordkontor AS, Oslo", _WORDS.format(due_on=due_on), "")
    ).decode()
    program = base64.b64encode(b"MZ\x90\x00 Planer 3.1").decode()
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="{_UBL}:Invoice-2" xmlns:cac="{_UBL}:CommonAggregateComponents-2"
  xmlns:cbc="{_UBL}:CommonBasicComponents-2">
<cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>
<cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>
<cbc:ID>AR-2211</cbc:ID><cbc:IssueDate>{issued_on}</cbc:IssueDate><cbc:DueDate>{due_on}</cbc:DueDate>
<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
<cbc:Note>#AAI#Stand built in the week of the fair.</cbc:Note><cbc:Note>#TXD#Export, free of German VAT.</cbc:Note>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode><cbc:AccountingCost>4711</cbc:AccountingCost>
<cbc:BuyerReference>Messe 26</cbc:BuyerReference>
<cac:InvoicePeriod><cbc:StartDate>{issued_on.replace(day=1)}</cbc:StartDate><cbc:EndDate>{issued_on}</cbc:EndDate>
</cac:InvoicePeriod>
<cac:OrderReference><cbc:ID>PO-4450</cbc:ID><cbc:SalesOrderID>AB-118</cbc:SalesOrderID></cac:OrderReference>
<cac:DespatchDocumentReference><cbc:ID>LS-903</cbc:ID></cac:DespatchDocumentReference>
<cac:ContractDocumentReference><cbc:ID>RV-12</cbc:ID></cac:ContractDocumentReference>
{_attached("Nachweis", "Stundennachweis.pdf", "application/pdf", pdf)}
{_attached("AR-2211", "AR-2211.pdf", "application/pdf", own)}
{_attached("Planer", "planer.exe", "application/octet-stream", program)}
<cac:AdditionalDocumentReference><cbc:ID>Fotos</cbc:ID><cbc:DocumentDescription>Photographs of the stand
</cbc:DocumentDescription><cac:Attachment><cac:ExternalReference><cbc:URI>https://nordwind.example/fotos/118</cbc:URI>
</cac:ExternalReference></cac:Attachment></cac:AdditionalDocumentReference>
<cac:AccountingSupplierParty><cac:Party><cbc:EndpointID schemeID="EM">rechnung@nordwind.example</cbc:EndpointID>
{_address("Speicherstadt 4", "20457", "Hamburg", "DE")}{_vat("DE287654321")}
<cac:PartyLegalEntity><cbc:RegistrationName>Nordwind Atelier GmbH</cbc:RegistrationName></cac:PartyLegalEntity>
</cac:Party></cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party><cbc:EndpointID schemeID="0192">923609016</cbc:EndpointID>
{_address("Karl Johans gate 3", "0154", "Oslo", "NO")}
<cac:PartyLegalEntity><cbc:RegistrationName>Fjordkontor AS</cbc:RegistrationName>
<cbc:CompanyID schemeID="0192">923609016</cbc:CompanyID></cac:PartyLegalEntity>
<cac:Contact><cbc:Name>Ingrid Lie</cbc:Name><cbc:ElectronicMail>faktura@fjordkontor.example</cbc:ElectronicMail>
</cac:Contact></cac:Party></cac:AccountingCustomerParty>
<cac:Delivery><cbc:ActualDeliveryDate>{issued_on}</cbc:ActualDeliveryDate><cac:DeliveryLocation>
<cac:Address><cbc:StreetName>Messeveien 8</cbc:StreetName><cbc:CityName>Lillestrøm</cbc:CityName>
<cbc:PostalZone>2004</cbc:PostalZone><cac:Country><cbc:IdentificationCode>NO</cbc:IdentificationCode></cac:Country>
</cac:Address></cac:DeliveryLocation></cac:Delivery>
<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cbc:PaymentID>AR-2211</cbc:PaymentID>
<cac:PayeeFinancialAccount><cbc:ID>DE02120300000000202051</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
<cac:PaymentTerms><cbc:Note>30 days net.</cbc:Note></cac:PaymentTerms>
<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>
<cbc:AllowanceChargeReasonCode>95</cbc:AllowanceChargeReasonCode>{_amount("Amount", "100.00")}
<cac:TaxCategory><cbc:ID>G</cbc:ID><cbc:Percent>0</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
</cac:TaxCategory></cac:AllowanceCharge>
<cac:TaxTotal>{_amount("TaxAmount", "0.00")}<cac:TaxSubtotal>{_amount("TaxableAmount", "2900.00")}
{_amount("TaxAmount", "0.00")}<cac:TaxCategory><cbc:ID>G</cbc:ID><cbc:Percent>0</cbc:Percent>
<cbc:TaxExemptionReasonCode>VATEX-EU-G</cbc:TaxExemptionReasonCode>
<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal>{_amount("LineExtensionAmount", "3000.00")}{_amount("TaxExclusiveAmount", "2900.00")}
{_amount("TaxInclusiveAmount", "2900.00")}{_amount("AllowanceTotalAmount", "100.00")}
{_amount("PayableAmount", "2900.00")}</cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="DAY">3</cbc:InvoicedQuantity>
{_amount("LineExtensionAmount", "3000.00")}<cbc:AccountingCost>4711-2</cbc:AccountingCost>
<cac:OrderLineReference><cbc:LineID>2</cbc:LineID></cac:OrderLineReference>
<cac:Item><cbc:Description>Three people, tools and van</cbc:Description><cbc:Name>Building the stand</cbc:Name>
<cac:BuyersItemIdentification><cbc:ID>STAND-B</cbc:ID></cac:BuyersItemIdentification>
<cac:SellersItemIdentification><cbc:ID>N-204</cbc:ID></cac:SellersItemIdentification>
<cac:OriginCountry><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:OriginCountry>
<cac:ClassifiedTaxCategory><cbc:ID>G</cbc:ID><cbc:Percent>0</cbc:Percent>
<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item>
<cac:Price>{_amount("PriceAmount", "1000.00")}<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>
{_amount("Amount", "100.00")}{_amount("BaseAmount", "1100.00")}</cac:AllowanceCharge></cac:Price></cac:InvoiceLine>
</Invoice>"""


def _attached(name: str, filename: str, media_type: str, content: str) -> str:
    return (
        f"<cac:AdditionalDocumentReference><cbc:ID>{name}</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject"
        f' mimeCode="{media_type}" filename="{filename}">{content}</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>'
        "</cac:AdditionalDocumentReference>"
    )


def _address(street: str, postal_code: str, city: str, country: str) -> str:
    return (
        f"<cac:PostalAddress><cbc:StreetName>{street}</cbc:StreetName><cbc:CityName>{city}</cbc:CityName>"
        f"<cbc:PostalZone>{postal_code}</cbc:PostalZone><cac:Country><cbc:IdentificationCode>{country}"
        "</cbc:IdentificationCode></cac:Country></cac:PostalAddress>"
    )


def _vat(number: str) -> str:
    return (
        f"<cac:PartyTaxScheme><cbc:CompanyID>{number}</cbc:CompanyID>"
        "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
    )


def _amount(name: str, value: str) -> str:
    return f'<cbc:{name} currencyID="EUR">{value}</cbc:{name}>'
