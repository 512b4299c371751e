"""Staff see what a customer promised."""

from datetime import date

from django.test import Client
from django.urls import reverse

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_portal_settings
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.payments.actions.promise import PromiseInput, promise
from portico.web.dashboard.tests.cast import a_payment


def test_promise_shows_at_invoice_and_customer_until_it_is_paid(
    owner: Client, shop: Business, acme: Customer, invoice: Document, frozen: Clock
) -> None:
    change_portal_settings(shop, {"allow_promises": True}, by=OPERATOR)
    data = PromiseInput(invoice.open_amount, date(2026, 11, 25), reference="RF18", note="After payday")
    promise(invoice, data, by=OPERATOR)
    pages = [reverse("document", args=[invoice.public_id]), reverse("customer", args=[acme.public_id])]
    for url in pages:
        html = owner.get(url).content.decode()
        assert "The customer promised €100.00 of" in html
        assert "for 25 Nov 2026: Bank transfer." in html
        assert "After payday" in html
        assert "The day has passed." not in html
    assert "promised for" in owner.get(pages[1]).content.decode()
    a_payment(acme, invoice.open_amount, [(invoice, invoice.open_amount)])
    for url in pages:
        assert "The customer promised" not in owner.get(url).content.decode()
