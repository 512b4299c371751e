"""A shop that takes cards and debits through the sandbox, and its customer's browser."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse

from conftest import Clock
from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.documents.models import Document
from portico.web.portal.conftest import SignIn, Visitor
from tests.forms import filled
from tests.shop import CARD, Shop


@dataclass
class Payer:
    """A customer at the pay page: opens it, fills in the form as a browser would, and sends it."""

    visitor: Visitor

    def open(self, *invoices: Document, query: str = "") -> HttpResponse:
        named = "&".join(f"invoice={invoice.public_id}" for invoice in invoices)
        return self.visitor.get(self.visitor.url("pay") + "?" + "&".join(filter(None, [named, query])))

    def pay(self, *invoices: Document, query: str = "", **typed: Any) -> HttpResponse:
        """Open the page for these invoices and pay with a card that succeeds, unless something else is typed."""
        return self.send(self.open(*invoices, query=query), **typed)

    def send(self, page: HttpResponse, **typed: Any) -> HttpResponse:
        html = page.content.decode()
        action = re.search(r'<form class="po-pay" method="post" action="([^"]*)"', html)
        assert action, html
        return self.visitor.client.post(action[1].replace("&amp;", "&"), filled(html) | CARD | typed)  # type: ignore[return-value]  # what the client gives is the view's response

    def follow(self, response: HttpResponse) -> str:
        """The page that a redirect leads to."""
        assert response.status_code == 303, response.content.decode()[:3000]
        answer = self.visitor.get(response.headers["Location"])
        assert answer.status_code == 200
        return answer.content.decode()


@pytest.fixture
def payer(shop: Shop, clock: Clock, sign_in: SignIn) -> Payer:
    return Payer(sign_in(shop.customer))


@pytest.fixture
def stranger_of_shop(shop: Shop, clock: Clock, sign_in: SignIn) -> Visitor:
    """Another customer of the shop."""
    other, _ = upsert_customer(shop.business, CustomerInput(external_id="2", name="Other"), by=OPERATOR)
    return sign_in(other)


def fresh(invoice: Document) -> Document:
    return Document.objects.get(pk=invoice.pk)
