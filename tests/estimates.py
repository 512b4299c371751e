"""Estimates for tests, in one line each."""

from datetime import date, timedelta
from decimal import Decimal

from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.create import DocumentInput, create_document
from portico.domain.documents.deposit import Deposit
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.totals import LineInput


def new_estimate(
    customer: Customer, *, deposit: Deposit | None = None, expires_on: date | None = None, draft: bool = False
) -> Document:
    """An estimate over 1,190.00 EUR from ten days ago, with terms and notes."""
    data = DocumentInput(
        kind=Kind.ESTIMATE,
        currency="EUR",
        issued_on=customer.business.today() - timedelta(days=10),
        expires_on=expires_on,
        lines=[
            LineInput("Kitchen", Decimal(1), Decimal(800), tax_rate=Decimal(19)),
            LineInput("Fitting", Decimal(4), Decimal(50), tax_rate=Decimal(19), unit="HUR"),
        ],
        title="Kitchen",
        terms="Delivery within six weeks.",
        notes="With thanks",
        purchase_order="PO-7",
        deposit=deposit,
        draft=draft,
    )
    return create_document(customer.business, customer, data, by=OPERATOR)
