"""The billing details show what the business knows of its customer, and what is missing."""

import pytest

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.models import Business
from portico.domain.customers.actions.upsert import ContactInput, CustomerInput, upsert_customer
from portico.web.portal.conftest import SignIn, Visitor

pytestmark = pytest.mark.django_db


def test_billing_details_are_read(business: Business, sign_in: SignIn) -> None:
    data = CustomerInput(
        external_id="c1",
        name="Acme GmbH",
        email="ap@acme.example",
        tax_id="DE811907980",
        language="en",
        currency="EUR",
        addresses={"billing": {"line1": "Lindenstr. 4", "postal_code": "10969", "city": "Berlin", "country": "DE"}},
        contacts=[ContactInput("Ada", "ada@acme.example", role="Accounts payable")],
    )
    html = sign_in(upsert_customer(business, data, by=OPERATOR)[0]).page("billing_details")
    for text in ("ap@acme.example", "DE811907980", "Lindenstr. 4", "10969 Berlin", "Germany", "Ada", "Euro"):
        assert text in html
    assert "Missing" not in html


def test_what_is_missing_is_said(visitor: Visitor) -> None:
    html = visitor.page("billing_details")
    assert "Missing: e-mail address and billing address." in html
    assert "Not known" in html
