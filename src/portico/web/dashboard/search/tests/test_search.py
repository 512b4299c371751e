"""The search box of the dashboard and its page."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.payments.models import Payment

pytestmark = pytest.mark.django_db


def links(staff: Client, query: str) -> list[str]:
    response = staff.get(reverse("search"), {"q": query})
    assert response.status_code == 200
    return re.findall(r'class="po-found" href="([^"]+)"', response.content.decode())


def test_it_finds_customers_documents_and_payments(
    owner: Client, acme: Customer, invoice: Document, payment: Payment
) -> None:
    customer = reverse("customer", args=[acme.public_id])
    document, paid = reverse("document", args=[invoice.public_id]), reverse("payment", args=[payment.public_id])
    assert links(owner, acme.name.upper()) == [customer]
    assert links(owner, invoice.number.replace("-", " ")) == [document, paid]
    assert links(owner, f"{acme.name} {invoice.number}") == [document, paid]
    assert links(owner, payment.number.lower()) == [paid]
    assert links(owner, "100,00") == [document, paid]
    assert links(owner, "zzz") == links(owner, "") == links(owner, "€") == []


def test_staff_of_another_business_find_nothing(
    stranger: Client, acme: Customer, invoice: Document, payment: Payment
) -> None:
    for query in (acme.name, invoice.number, payment.number, "100.00"):
        assert links(stranger, query) == []


def test_the_box_asks_for_the_results_alone(owner: Client, acme: Customer) -> None:
    asked = {"HX-Request": "true", "HX-Target": "found"}
    html = owner.get(reverse("search"), {"q": acme.name}, headers=asked).content.decode()
    assert acme.name in html
    assert "<html" not in html
    assert 'id="find"' in owner.get(reverse("customers")).content.decode()


@pytest.mark.parametrize("query", ["%00", "%25", "_", "'", "a" * 500, "%F0%9F%8E%84", "%D8%A7", "1+2+3+4+5+6+7+8+9"])
def test_anything_may_be_typed(owner: Client, acme: Customer, query: str) -> None:
    assert acme.name
    assert owner.get(f"{reverse('search')}?q={query}").status_code == 200


@pytest.mark.parametrize(
    ("name", "query"), [("documents", "acme 0001"), ("payments", "inv-0001"), ("customers", "CME")]
)
def test_the_lists_find_the_same(owner: Client, payment: Payment, name: str, query: str) -> None:
    assert payment.number
    html = owner.get(reverse(name), {"q": query}).content.decode()
    assert "Acme GmbH" in html
    assert "Acme GmbH" not in owner.get(reverse(name), {"q": "ottokar"}).content.decode()
