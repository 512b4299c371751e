"""The accountant's journal: every entry of a period, documents by tax rate, adding up to the ledger."""

import csv
import re
from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse

from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.create import DocumentInput, create_document
from portico.domain.documents.actions.void import void
from portico.domain.documents.models import Kind
from portico.domain.documents.totals import LineInput
from portico.domain.ledger.models import Entry
from portico.domain.payments.models import Payment

pytestmark = pytest.mark.django_db

PERIOD = {"start": "2026-01-01", "end": "2026-12-31"}


def rows(staff: Client, **query: str) -> list[dict[str, str]]:
    response = staff.get(reverse("journal_csv"), {**PERIOD, **query})
    assert response.status_code == 200
    return list(csv.DictReader(b"".join(response).decode("utf-8-sig").splitlines()))


def test_documents_come_by_tax_rate_and_all_adds_up(owner: Client, acme: Customer, payment: Payment) -> None:
    lines = [
        LineInput("Book", Decimal(1), Decimal(100), tax_rate=Decimal(7)),
        LineInput("Lamp", Decimal(2), Decimal(50), tax_rate=Decimal(19)),
    ]
    data = DocumentInput(Kind.INVOICE, "EUR", date(2026, 11, 2), lines, number="T-1")
    void(create_document(acme.business, acme, data, by=OPERATOR), by=OPERATOR)
    found = rows(owner)
    parts = [(row["Tax rate (%)"], row["Net"], row["Tax"], row["Amount"]) for row in found if row["Number"] == "T-1"]
    assert sorted(parts) == sorted(
        [
            ("7", "100.00", "7.00", "107.00"),
            ("19", "100.00", "19.00", "119.00"),
            ("7", "-100.00", "-7.00", "-107.00"),
            ("19", "-100.00", "-19.00", "-119.00"),
        ]
    )
    assert ("-75.00", "Payment") in {(row["Amount"], row["Type"]) for row in found}
    total = sum(Decimal(row["Amount"]) for row in found)
    assert total * 100 == sum(Entry.objects.values_list("amount", flat=True))
    assert [row["Date"] for row in found] == sorted(row["Date"] for row in found)
    assert {row["External id of the customer"] for row in found} == {"C-1"}
    assert payment.number in {row["Number"] for row in found}


def test_rates_are_numbers_in_the_workbook(owner: Client, acme: Customer) -> None:
    line = LineInput("Book", Decimal(1), Decimal(100), tax_rate=Decimal("8.1"))
    create_document(acme.business, acme, DocumentInput(Kind.INVOICE, "EUR", date(2026, 11, 2), [line]), by=OPERATOR)
    response = owner.get(reverse("journal_xlsx"), PERIOD)
    with ZipFile(BytesIO(b"".join(response))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert re.search(r'<c r="H2"( s="\d+")?><v>8\.1</v></c>', sheet), sheet


def test_only_the_days_that_are_asked_for(owner: Client, payment: Payment) -> None:
    assert payment.number
    assert rows(owner, start="2025-01-01", end="2025-12-31") == []
    assert owner.get(reverse("journal"), {"start": "2026-02-01", "end": "2026-01-01"}).status_code == 422
    assert owner.get(reverse("journal_csv"), {"start": "2026-02-01", "end": "2026-01-01"}).status_code == 404
    name = owner.get(reverse("journal_xlsx"), PERIOD).headers["Content-Disposition"]
    assert name == 'attachment; filename="nordlicht-journal-2026-01-01-to-2026-12-31.xlsx"'


def test_another_business_has_its_own(stranger: Client, payment: Payment) -> None:
    assert payment.number
    assert rows(stranger) == []
