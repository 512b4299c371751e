"""The cast of the dashboard's tests: two businesses, their staff, customers, and what stands between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.test import Client

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.businesses.actions.staff import create_staff
from portico.domain.businesses.models import Business, User
from portico.domain.customers.actions.upsert import ContactInput, CustomerInput, upsert_customer
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.actions.create import DocumentInput, create_document
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.totals import LineInput
from portico.domain.payments.actions.record_payment import PaymentInput, record_payment
from portico.domain.payments.models import Method, Payment
from portico.lib.clock import now

PASSWORD = "a long enough password"


def a_business(slug: str, currency: str = "EUR") -> Business:
    data = BusinessInput(slug.title(), slug, currency, "DE", "Europe/Berlin")
    return create_business(data, by=OPERATOR)


def staff_of(business: Business, email: str) -> User:
    return create_staff(business, email, PASSWORD, by=OPERATOR, name=email.partition("@")[0].title())


def signed_in(user: User) -> Client:
    client = Client(headers={"host": "testserver"})
    client.force_login(user)
    return client


def with_second_factor(user: User, *, age: float = 0) -> Client:
    """Sign somebody in who showed a second factor so many seconds ago."""
    client = signed_in(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": now().timestamp() - age, "type": "totp"}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def a_customer(business: Business, name: str = "Acme GmbH", **fields: str) -> Customer:
    data = CustomerInput(
        name=name,
        email=fields.get("email", "ap@acme.example"),
        external_id=fields.get("external_id", ""),
        addresses={"billing": {"line1": "Hafenstraße 1", "postal_code": "20457", "city": "Hamburg", "country": "DE"}},
        contacts=[ContactInput("Ada Ahrens", "ada@acme.example", role="Accounts payable")],
    )
    return upsert_customer(business, data, by=OPERATOR)[0]


@dataclass(frozen=True)
class Paper:
    """A document in short: what it is, over how much in major units, from when, due when."""

    kind: Kind = Kind.INVOICE
    amount: str = "100.00"
    issued_on: date = date(2026, 11, 1)
    due_on: date | None = date(2026, 12, 1)
    currency: str = "EUR"
    draft: bool = False


def a_document(customer: Customer, paper: Paper | None = None) -> Document:
    paper = paper or Paper()
    data = DocumentInput(
        kind=paper.kind,
        currency=paper.currency,
        issued_on=paper.issued_on,
        due_on=paper.due_on,
        lines=[LineInput("Consulting", Decimal(1), Decimal(paper.amount))],
        draft=paper.draft,
        notes="Thank you",
    )
    return create_document(customer.business, customer, data, by=OPERATOR)


def a_payment(customer: Customer, amount: int, invoices: Sequence[tuple[Document, int]] = ()) -> Payment:
    shares = [Share(invoice, part) for invoice, part in invoices]
    data = PaymentInput(amount, "EUR", date(2026, 11, 10), Method.BANK_TRANSFER, shares, reference="TR-77")
    return record_payment(customer, data, by=OPERATOR)
