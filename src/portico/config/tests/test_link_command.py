"""`portico link` takes what one knows of a customer, and asks back where that may be several."""

from datetime import date
from decimal import Decimal

import pytest

from portico.config.tests.conftest import Command
from portico.domain.access.models import Grant
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import ContactInput, CustomerInput, upsert_customer
from portico.domain.documents.actions.create import DocumentInput, create_document
from portico.domain.documents.models import Kind
from portico.domain.documents.totals import LineInput


@pytest.fixture
def acme(db: None) -> Business:
    return create_business(BusinessInput("Acme", "acme", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)


@pytest.mark.parametrize("words", ["Ottokar", "ottokar k", "o@ottokar.example", "MIA@ottokar.example", "R-7"])
def test_a_link_takes_whatever_one_knows_of_a_customer(portico: Command, acme: Business, words: str) -> None:
    contact = ContactInput("Mia", "mia@ottokar.example")
    data = CustomerInput("42", "Ottokar KG", email="o@ottokar.example", contacts=[contact])
    customer, _ = upsert_customer(acme, data, by=OPERATOR)
    upsert_customer(acme, CustomerInput("43", "Berta"), by=OPERATOR)
    line = LineInput("Work", Decimal(1), Decimal(5))
    create_document(
        acme, customer, DocumentInput(Kind.INVOICE, "EUR", date(2026, 11, 1), [line], number="R-7"), by=OPERATOR
    )
    assert portico("link", words, "--business", "acme").status == 0
    assert Grant.objects.get(purpose="portal_link").customer == customer


def test_several_that_may_be_meant_are_listed_and_none_gets_a_link(portico: Command, acme: Business) -> None:
    keys = [upsert_customer(acme, CustomerInput(name, f"Ottokar {name}"), by=OPERATOR)[0] for name in ("A", "B")]
    other = create_business(BusinessInput("Other", "other", "EUR", "DE", "Europe/Berlin"), by=OPERATOR)
    upsert_customer(other, CustomerInput("C", "Ottokar C"), by=OPERATOR)
    said = portico("link", "ottokar", "--business", "acme")
    assert said.status == 2
    assert said.err.endswith("portico: 2 customers may be meant. Name one by its id.\n")
    assert said.out == ""
    assert all(customer.public_id in said.err for customer in keys)
    assert "Ottokar C" not in said.err
    assert not Grant.objects.exists()
    assert portico("link", "Ottokar A", "--business", "acme").status == 0
