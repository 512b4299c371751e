"""Invoices of seven countries as their law wants them: who sells, and what stands on the paper.

`test_countries.py` holds the papers to it, and keeps them to look at where `PORTICO_TEST_PAPERS` names a folder.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.bank_accounts import BankAccountInput, add_bank_account
from portico.domain.businesses.actions.change_profile import change_profile
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.documents.actions.create import DocumentInput, create_document
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.totals import LineInput


@dataclass(frozen=True)
class Country:
    """A business in a country, a customer of it, and what an invoice of it must say, as text."""

    business: BusinessInput
    profile: dict[str, Any]
    customer: CustomerInput
    lines: list[LineInput]
    says: tuple[str, ...]
    account: BankAccountInput
    language: str = "en"
    options: dict[str, Any] = field(default_factory=dict)


def _line(text: str, quantity: str, price: str, rate: str | None, **options: Any) -> LineInput:
    return LineInput(
        text, Decimal(quantity), Decimal(price), tax_rate=None if rate is None else Decimal(rate), **options
    )


COUNTRIES = {
    "DE": Country(
        BusinessInput("Hansekontor", "hansekontor", "EUR", "DE", "Europe/Berlin"),
        {
            "legal_name": "Hansekontor Werkzeuge GmbH",
            "line1": "Kaistraße 9",
            "postal_code": "20457",
            "city": "Hamburg",
            "tax_id": "DE811569869",
            "tax_number": "22/815/08154",
            "registration_court": "Amtsgericht Hamburg",
            "registration_number": "HRB 107221",
            "directors": "Ida Lund, Ole Beck",
            "email": "buero@hansekontor.example",
            "phone": "+49 40 555 01 70",
            "website": "https://hansekontor.example",
            "legal_note": "Vorsitzende des Aufsichtsrats: Dr. Mia Brandt",
        },
        CustomerInput(
            name="Sonnenhof Gartenbau KG",
            tax_id="DE298112004",
            addresses={"billing": {"line1": "Feldweg 3", "postal_code": "48155", "city": "Münster", "country": "DE"}},
        ),
        [
            _line("Akkuschrauber", "2", "189.00", "19", unit="C62", item_number="AK-18"),
            _line("Schraubensortiment, 500 Stück", "3", "24.90", "19", unit="BX"),
            _line("Fachbuch Holzbau", "1", "46.73", "7", unit="C62"),
        ],
        (
            "Rechnung",
            "Amtsgericht Hamburg HRB 107221",
            "Geschäftsführung: Ida Lund, Ole Beck",
            "USt-IdNr. DE811569869",
            "Steuernummer 22/815/08154",
            "Geliefert am Rechnungsdatum",
            "Seite 1 von 1",
            "Vorsitzende",
            "3 Kartons",
        ),
        BankAccountInput(holder="Hansekontor Werkzeuge GmbH", iban="DE89370400440532013000", bic="COBADEFFXXX"),
        language="de",
    ),
    "AT": Country(
        BusinessInput("Donau Software", "donau", "EUR", "AT", "Europe/Vienna"),
        {
            "legal_name": "Donau Software GmbH",
            "line1": "Praterstraße 12",
            "postal_code": "1020",
            "city": "Wien",
            "tax_id": "ATU12345675",
            "registration_court": "Handelsgericht Wien",
            "registration_number": "FN 123456a",
            "email": "office@donau.example",
            "phone": "+43 1 555 01 20",
        },
        CustomerInput(
            name="Isar Logistik GmbH",
            tax_id="DE123456788",
            addresses={
                "billing": {"line1": "Landsberger Str. 1", "postal_code": "80339", "city": "München", "country": "DE"}
            },
        ),
        [_line("Wartung, September", "1", "1200.00", "0", tax_category="AE", exemption_code="VATEX-EU-AE")],
        (
            "UID ATU12345675",
            "USt-IdNr. DE123456788",
            "Handelsgericht Wien FN 123456a",
            "Steuerschuldnerschaft des Leistungsempfängers",
            "VATEX-EU-AE",
            "Leistungszeitraum",
        ),
        BankAccountInput(holder="Donau Software GmbH", iban="AT611904300234573201"),
        language="de",
        options={"period_start": date(2026, 9, 1), "period_end": date(2026, 9, 30)},
    ),
    "CH": Country(
        BusinessInput("Limmat Design", "limmat", "CHF", "CH", "Europe/Zurich"),
        {
            "legal_name": "Limmat Design AG",
            "line1": "Limmatquai 4",
            "postal_code": "8001",
            "city": "Zürich",
            "tax_id": "CHE-123.456.788 MWST",
            "registration_court": "Handelsregister des Kantons Zürich",
            "registration_number": "CH-020.3.001.234-5",
            "email": "info@limmat.example",
        },
        CustomerInput(
            name="Aare Verlag AG",
            addresses={"billing": {"line1": "Marktgasse 7", "postal_code": "3011", "city": "Bern", "country": "CH"}},
        ),
        [
            _line("Gestaltung Jahresbericht", "12", "165.00", "8.1", unit="HUR"),
            _line("Korrekturabzug", "1", "80", "2.6"),
        ],
        (
            "UID CHE-123.456.788 MWST",
            "Handelsregister des Kantons Zürich",
            "MWST 8,1 %",
            "Referenz RF",
            "2,6 %",
            "Zahlteil",
            "Geliefert am Rechnungsdatum",
        ),
        BankAccountInput(holder="Limmat Design AG", iban="CH9300762011623852957"),
        language="de",
    ),
    "FR": Country(
        BusinessInput("Atelier Canal", "canal", "EUR", "FR", "Europe/Paris"),
        {
            "legal_name": "Atelier Canal SARL",
            "line1": "18 quai de Valmy",
            "postal_code": "75010",
            "city": "Paris",
            "tax_id": "FR40303265045",
            "registration_court": "RCS Paris",
            "registration_number": "303 265 045",
            "legal_note": "SARL au capital de 20 000 €",
            "email": "contact@canal.example",
        },
        CustomerInput(
            name="Loire Meubles SAS",
            tax_id="FR23334175221",
            addresses={
                "billing": {"line1": "2 rue Crébillon", "postal_code": "44000", "city": "Nantes", "country": "FR"}
            },
        ),
        [_line("Table en chêne", "1", "1450.00", "20", unit="C62"), _line("Livraison", "1", "90", "20", unit="LS")],
        (
            "TVA intracommunautaire FR40303265045",
            "RCS Paris 303 265 045",
            "SARL au capital de 20 000 €",
            "indemnité forfaitaire pour frais de recouvrement de 40 €",
            "trois fois le taux d’intérêt légal",
            "Pas d’escompte",
            "Delivered on the invoice date",
        ),
        BankAccountInput(holder="Atelier Canal SARL", iban="FR1420041010050500013M02606"),
    ),
    "GB": Country(
        BusinessInput("Pier Tools", "pier", "GBP", "GB", "Europe/London"),
        {
            "legal_name": "Pier Tools Ltd",
            "line1": "14 Marine Parade",
            "postal_code": "BN2 1TL",
            "city": "Brighton",
            "tax_id": "GB123456782",
            "registration_court": "Registered in England and Wales",
            "registration_number": "01234567",
            "email": "accounts@pier.example",
        },
        CustomerInput(
            name="Downs Cycles LLP",
            addresses={
                "billing": {"line1": "3 High Street", "postal_code": "BN7 2AD", "city": "Lewes", "country": "GB"}
            },
        ),
        [
            _line("Torque wrench", "4", "62.50", "20", unit="C62"),
            _line("Workshop manual", "2", "18.00", "0", tax_category="Z"),
        ],
        (
            "VAT number GB123456782",
            "Registered in England and Wales 01234567",
            "Zero rated",
            "Delivered on the invoice date",
        ),
        BankAccountInput(holder="Pier Tools Ltd", country="GB", details="Sort code 20-00-00\nAccount number 55779911"),
    ),
    "US": Country(
        BusinessInput("Bay Signs", "baysigns", "USD", "US", "America/Los_Angeles"),
        {
            "legal_name": "Bay Signs LLC",
            "line1": "410 Townsend St",
            "line2": "Suite 200",
            "postal_code": "94107",
            "city": "San Francisco",
            "region": "CA",
            "tax_id": "94-1234567",
            "email": "billing@baysigns.example",
            "phone": "+1 415 555 0142",
        },
        CustomerInput(
            name="Mission Coffee Inc.",
            addresses={
                "billing": {
                    "line1": "2 Valencia St",
                    "postal_code": "94103",
                    "city": "San Francisco",
                    "region": "CA",
                    "country": "US",
                }
            },
        ),
        [_line("Channel letters, installed", "1", "2480.00", "8.625"), _line("Permit fee", "1", "150.00", None)],
        ("EIN 94-1234567", "San Francisco, CA 94107", "Tax 8.625"),
        BankAccountInput(
            holder="Bay Signs LLC", country="US", details="Routing number 121000358\nAccount number 000123456789"
        ),
    ),
    "AE": Country(
        BusinessInput("Creek Trading", "creek", "AED", "AE", "Asia/Dubai"),
        {
            "legal_name": "Creek Trading LLC",
            "line1": "Office 1204, Bay Tower",
            "line2": "Business Bay",
            "city": "Dubai",
            "tax_id": "100234567800003",
            "registration_court": "Dubai DET licence",
            "registration_number": "812345",
            "email": "accounts@creek.example",
        },
        CustomerInput(
            name="Marina Hotels LLC",
            tax_id="100987654300003",
            addresses={"billing": {"line1": "Marina Walk 8", "postal_code": "", "city": "Dubai", "country": "AE"}},
        ),
        [_line("Linen, king size", "40", "96.50", "5", unit="PR"), _line("Express delivery", "1", "150", "5")],
        (
            "Tax invoice INV-0001",
            "TRN 100234567800003",
            "TRN 100987654300003",
            "40 pairs",
            "Delivered on the invoice date",
        ),
        BankAccountInput(holder="Creek Trading LLC", iban="AE070331234567890123456"),
    ),
    "SA": Country(
        BusinessInput("Najd Systems", "najd", "SAR", "SA", "Asia/Riyadh"),
        {
            "legal_name": "Najd Systems Co.",
            "line1": "King Fahd Road 2211",
            "postal_code": "12271",
            "city": "Riyadh",
            "tax_id": "300123456700003",
            "registration_court": "CR",
            "registration_number": "1010123456",
            "email": "billing@najd.example",
        },
        CustomerInput(
            name="Hejaz Foods Co.",
            tax_id="300765432100003",
            addresses={"billing": {"line1": "Tahlia St 40", "postal_code": "23326", "city": "Jeddah", "country": "SA"}},
        ),
        [_line("Support contract, one year", "1", "24000", "15", unit="ANN")],
        ("Tax invoice INV-0001", "TRN 300123456700003", "CR 1010123456", "15"),
        BankAccountInput(holder="Najd Systems Co.", iban="SA0380000000608010167519"),
    ),
}


def invoice_of(country: str) -> Document:
    """Make the business of a country with its customer, and issue its invoice of 12 October 2026."""
    case = COUNTRIES[country]
    business = change_profile(create_business(case.business, by=OPERATOR), case.profile, by=OPERATOR)
    add_bank_account(business, case.account, by=OPERATOR)
    customer, _ = upsert_customer(business, case.customer, by=OPERATOR)
    data = DocumentInput(
        Kind.INVOICE,
        business.currency,
        date(2026, 10, 12),
        case.lines,
        due_on=date(2026, 11, 11),
        purchase_order="PO-7731",
        **case.options,
    )
    document = create_document(Business.objects.get(pk=business.pk), customer, data, by=OPERATOR)
    return Document.objects.select_related("business", "customer").get(pk=document.pk)
