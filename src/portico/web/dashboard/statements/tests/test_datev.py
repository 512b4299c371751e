"""The journal as DATEV reads it: read back here by the documented layout, and refused where DATEV can't hold it."""

import csv
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_datev import change_datev
from portico.domain.businesses.datev import Chart, DatevSettings, Use
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.create import DocumentInput, create_document
from portico.domain.documents.actions.void import void
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.totals import LineInput
from portico.domain.ledger.models import Entry, EntryKind
from portico.output.exports.datev import _USES, COLUMNS
from portico.web.dashboard.tests.cast import a_payment

pytestmark = pytest.mark.django_db

PERIOD = {"start": "2026-01-01", "end": "2026-12-31"}
READY = DatevSettings(29098, 55003)


def _invoice(customer: Customer, *lines: tuple[str, str, str], number: str = "T-1", currency: str = "EUR") -> Document:
    """An invoice with a line for each amount, tax rate and tax category."""
    rows = [
        LineInput("Work", Decimal(1), Decimal(amount), tax_rate=Decimal(rate), tax_category=category)
        for amount, rate, category in lines
    ]
    data = DocumentInput(Kind.INVOICE, currency, date(2026, 11, 2), rows, number=number)
    return create_document(customer.business, customer, data, by=OPERATOR)


def _read(staff: Client, **query: str) -> tuple[list[str], list[dict[str, str]]]:
    """Return the header's fields, and each booking by the names of its columns."""
    answer = staff.get(reverse("journal_datev"), PERIOD | query)
    assert answer.status_code == 200, answer.content.decode()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="EXTF_Buchungsstapel_20260101-20261231.csv"'
    text = b"".join(answer).decode("cp1252")
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    header, names, *rows = csv.reader(text.splitlines(), delimiter=";")
    assert tuple(names) == COLUMNS
    assert {len(row) for row in rows} <= {125}
    return header, [dict(zip(names, row, strict=True)) for row in rows]


@pytest.fixture
def acme(acme: Customer, clock: Clock) -> Customer:
    """The customer, of a business whose tax adviser's numbers are set."""
    clock.set("2026-11-20T12:30:15")
    change_datev(acme.business, READY, by=OPERATOR)
    return acme


def test_a_batch_reads_back_by_its_layout(owner: Client, acme: Customer) -> None:
    Customer.objects.filter(pk=acme.pk).update(name='Müller & "Söhne" Łódź')
    acme.refresh_from_db()
    invoice = _invoice(acme, ("100", "19", ""), ("50", "7", ""), number="RE 2026_1")
    payment = a_payment(acme, 17_250, [(invoice, 17_250)])
    header, rows = _read(owner)
    assert len(header) == 31
    assert header[:5] == ["EXTF", "700", "21", "Buchungsstapel", "13"]
    assert header[5] == "20261120133015000"
    assert header[10:16] == ["29098", "55003", "20260101", "4", "20260101", "20261231"]
    assert (header[18], header[20], header[21], header[26]) == ("1", "0", "EUR", "03")
    shown = [
        (
            row["Umsatz (ohne Soll/Haben-Kz)"],
            row["Soll/Haben-Kennzeichen"],
            row["Konto"],
            row["Gegenkonto (ohne BU-Schlüssel)"],
            row["Belegdatum"],
            row["Belegfeld 1"],
            row["Buchungstext"],
        )
        for row in rows
    ]
    paid = payment.item.entries.get().date.strftime("%d%m")
    name = 'Müller & "Söhne" ?ód?'
    assert sorted(shown) == sorted(
        [
            ("119,00", "S", "10000", "8400", "0211", "RE-2026-1", f"Rechnung {name}"),
            ("53,50", "S", "10000", "8300", "0211", "RE-2026-1", f"Rechnung {name}"),
            ("172,50", "H", "10000", "1360", paid, payment.number, f"Zahlung {name}"),
        ]
    )
    assert {(row["BU-Schlüssel"], row["WKZ Umsatz"], row["Festschreibung"]) for row in rows} == {("", "EUR", "0")}


def test_accounts_and_keys_are_those_that_were_set(owner: Client, acme: Customer) -> None:
    accounts = {Use.RATE_19: "4000", Use.CUSTOMERS: "12000"}
    change_datev(acme.business, DatevSettings(1001, 1, Chart.SKR04, 7, accounts, {Use.RATE_19: "3"}), by=OPERATOR)
    Customer.objects.filter(pk=acme.pk).update(metadata={"datev_account": "10815"})
    _invoice(acme, ("100", "19", ""), ("10", "0", "AE"), ("20", "0", "K"), ("30", "0", "G"), ("40", "0", "Z"))
    void(Document.objects.get(number="T-1"), by=OPERATOR)
    query = {"start": "2026-07-01", "end": "2026-11-30"}
    answer = owner.get(reverse("journal_datev"), query)
    header, _names, *rows = csv.reader(b"".join(answer).decode("cp1252").splitlines(), delimiter=";")
    assert (header[12], header[26]) == ("20260701", "04")
    issued = [row for row in rows if row[1] == "S"]
    assert {(row[0], row[7], row[8]) for row in issued} == {
        ("119,00", "4000", "3"),
        ("10,00", "4337", ""),
        ("20,00", "4125", ""),
        ("30,00", "4120", ""),
        ("40,00", "4100", ""),
    }
    assert {row[6] for row in rows} == {"10815"}
    assert sorted(row[0] for row in rows if row[1] == "H") == sorted(row[0] for row in issued), "the void takes it back"


def test_all_bookings_add_up_to_the_ledger(owner: Client, acme: Customer) -> None:
    a_payment(acme, 2000, [(_invoice(acme, ("100", "19", "")), 2000)])
    _header, rows = _read(owner)
    signs = {"S": 1, "H": -1}
    total = sum(
        signs[row["Soll/Haben-Kennzeichen"]] * Decimal(row["Umsatz (ohne Soll/Haben-Kz)"].replace(",", "."))
        for row in rows
    )
    assert total * 100 == sum(Entry.objects.values_list("amount", flat=True))


def test_what_datev_cannot_hold_is_named_and_left_out_when_asked(owner: Client, acme: Customer) -> None:
    _invoice(acme, ("100", "19", ""))
    _invoice(acme, ("100", "19", ""), number="USD-1", currency="USD")
    _invoice(acme, ("100", "16", ""), number="OLD-1")
    refused = owner.get(reverse("journal_datev"), PERIOD)
    page = refused.content.decode()
    assert refused.status_code == 409
    for text in ("USD: DATEV needs its rate in euros, which is not kept here (USD-1).", "a tax rate of 16 % (OLD-1)"):
        assert text in page
    assert "leave_out=yes" in page
    _header, rows = _read(owner, leave_out="yes")
    assert [row["Belegfeld 1"] for row in rows] == ["T-1"]


def test_a_document_that_says_nothing_of_tax_is_revenue_without_tax(owner: Client, acme: Customer) -> None:
    data = DocumentInput(Kind.INVOICE, "EUR", date(2026, 11, 2), [LineInput("Work", Decimal(1), Decimal(70))])
    create_document(acme.business, acme, data, by=OPERATOR)
    _header, rows = _read(owner)
    assert [(row["Umsatz (ohne Soll/Haben-Kz)"], row["Gegenkonto (ohne BU-Schlüssel)"]) for row in rows] == [
        ("70,00", "8100")
    ]


def test_a_document_whose_tax_does_not_add_up_is_named(owner: Client, acme: Customer) -> None:
    invoice = _invoice(acme, ("100", "19", ""), number="ODD-1")
    Document.objects.filter(pk=invoice.pk).update(breakdown=[{"rate": "19", "taxable": 1, "tax": 1}])
    refused = owner.get(reverse("journal_datev"), PERIOD)
    assert refused.status_code == 409
    assert "does not add up to what was posted (ODD-1)" in refused.content.decode()


def test_days_of_two_fiscal_years_are_refused(owner: Client, acme: Customer) -> None:
    refused = owner.get(reverse("journal_datev"), {"start": "2025-12-01", "end": "2026-01-31"})
    assert refused.status_code == 409
    assert "one fiscal year" in refused.content.decode()


def test_settings_are_kept_and_bad_ones_refused_with_what_was_typed(owner: Client, shop: Business) -> None:
    assert owner.get(reverse("journal_datev"), PERIOD).status_code == 409
    here = reverse("datev_settings")
    wanted = {"consultant": "1001", "client": "7", "chart": "04", "fiscal_month": "1", "account_rate_19": "44000"}
    refused = owner.post(here, wanted)
    assert refused.status_code == 422
    assert 'value="44000"' in refused.content.decode()
    shop.refresh_from_db()
    assert shop.datev == {}
    wrong = owner.post(here, wanted | {"consultant": "12", "account_rate_19": "", "key_rate_19": "x"})
    assert wrong.status_code == 422
    assert owner.post(here, wanted | {"account_rate_19": ""}).status_code == 302
    shop.refresh_from_db()
    assert (shop.datev["consultant"], shop.datev["chart"]) == (1001, "04")
    assert 'value="1001"' in owner.get(here).content.decode()


def test_another_business_has_its_own(stranger: Client, acme: Customer) -> None:
    _invoice(acme, ("100", "19", ""))
    assert stranger.get(reverse("journal_datev"), PERIOD).status_code == 409
    assert "T-1" not in stranger.get(reverse("journal_datev"), PERIOD).content.decode()


def test_every_kind_of_entry_has_an_account() -> None:
    taxed = {EntryKind.INVOICE, EntryKind.CREDIT_NOTE, EntryKind.INVOICE_VOID, EntryKind.CREDIT_NOTE_VOID}
    assert set(_USES) | taxed == set(EntryKind)
