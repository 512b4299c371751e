"""Staff choose which ways to pay are offered to a customer and for an invoice."""

import pytest
from django.test import Client

from portico.domain.activity.models import Activity
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document


@pytest.mark.parametrize("kind", ["customers", "documents"])
def test_ways_to_pay_are_switched_off_and_on(owner: Client, acme: Customer, invoice: Document, kind: str) -> None:
    row: Customer | Document = acme if kind == "customers" else invoice
    page, url = f"/{kind}/{row.public_id}", f"/{kind}/{row.public_id}/methods"
    assert url in owner.get(page).content.decode()
    assert owner.get(url).content.decode().count(" checked") == 5
    answer = owner.post(url, {"direct_debit": "on", "bank_transfer": "on", "check": "on", "cash": "on"})
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert "Not offered: Card" in owner.get(page).content.decode()
    row.refresh_from_db()
    assert row.disabled_methods == ["card"]
    assert Activity.objects.get(verb="payment_methods.disabled").data == {"before": [], "after": ["card"]}
    owner.post(url, dict.fromkeys(("card", "direct_debit", "bank_transfer", "check", "cash"), "on"))
    row.refresh_from_db()
    assert row.disabled_methods == []


def test_stranger_switches_nothing(stranger: Client, acme: Customer, invoice: Document) -> None:
    for url in (f"/customers/{acme.public_id}/methods", f"/documents/{invoice.public_id}/methods"):
        assert stranger.get(url).status_code == 404
        assert stranger.post(url, {}).status_code == 404
    acme.refresh_from_db()
    invoice.refresh_from_db()
    assert (acme.disabled_methods, invoice.disabled_methods) == ([], [])
