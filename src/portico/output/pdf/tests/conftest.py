"""A seller in Münster and a buyer in Berlin, with what happened between them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.create import DocumentInput, create_document
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.totals import LineInput
from portico.output.pdf import fonts
from portico.output.pdf.coverage import Coverage
from portico.output.pdf.render import Renderer
from tests.bank import new_bank_account

type Write = Callable[..., Document]


@pytest.fixture(scope="session")
def font_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the fonts unpacked, once for all tests."""
    folder = tmp_path_factory.mktemp("fonts")
    fonts.load(folder)
    return folder


@pytest.fixture(scope="session")
def printer(font_folder: Path) -> Renderer:
    return Renderer(font_folder)


@pytest.fixture(scope="session")
def coverage(font_folder: Path) -> Coverage:
    return fonts.load(font_folder).coverage


@pytest.fixture
def home(settings: Settings, tmp_path: Path, font_folder: Path) -> Path:
    """An installation's folder of its own, with the fonts already there."""
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "fonts").symlink_to(font_folder)
    settings.PORTICO_HOME = tmp_path
    return tmp_path


@pytest.fixture
def business(db: None) -> Business:
    data = BusinessInput("Nordlicht Studio", "nordlicht", "EUR", "DE", "Europe/Berlin")
    business = create_business(data, by=OPERATOR)
    details = {
        "legal_name": "Nordlicht Studio GmbH", "line1": "Hafenweg 22", "postal_code": "48155", "city": "Münster",
        "tax_id": "DE298112004", "discount_tax": "after_tax",
    }  # fmt: skip
    Business.objects.filter(pk=business.pk).update(**details)
    business.refresh_from_db()
    new_bank_account(business)
    return business


@pytest.fixture
def customer(business: Business) -> Customer:
    address = {"line1": "Lindenstr. 4", "postal_code": "10969", "city": "Berlin", "country": "DE"}
    data = CustomerInput(name="Acme GmbH", tax_id="DE811907980", addresses={"billing": address})
    return upsert_customer(business, data, by=OPERATOR)[0]


@pytest.fixture
def write(business: Business, customer: Customer) -> Write:
    """Write a document: an invoice of one line over 100.00 EUR unless told otherwise."""

    def write_document(**options: Any) -> Document:
        data = {
            "kind": Kind.INVOICE,
            "currency": "EUR",
            "issued_on": date(2026, 10, 12),
            "due_on": date(2026, 11, 11),
            "lines": [LineInput("Illustrations", Decimal(4), Decimal("25"), tax_rate=Decimal(19), unit="HUR")],
            **options,
        }
        return create_document(business, customer, DocumentInput(**data), by=OPERATOR)

    return write_document
