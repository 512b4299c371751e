"""The fixed cast: an owner and a colleague, a neighbour at the same business, a stranger at another, and their staff.

Everything that is the owner's bears a mark that stands nowhere else, so that a page that shows it gives itself away:
a code in what people ask for (numbers, external ids, names of files), a name in what they only read.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.test import Client

from portico.domain.access.links.actions.create_magic_key import create_magic_key
from portico.domain.access.links.actions.make_portal_link import api_portal_url, regenerate_portal_link
from portico.domain.access.links.queries.grants import find_grant
from portico.domain.access.models import Grant, PortalSession
from portico.domain.access.programs.actions.create_api_key import create_api_key
from portico.domain.access.sessions.actions.open import open_session
from portico.domain.access.viewer import ClientInfo
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_payment_settings, change_portal_settings
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.businesses.actions.instructions import InstructionInput, add_instruction
from portico.domain.businesses.actions.staff import create_staff
from portico.domain.businesses.models import Business, User
from portico.domain.businesses.queries import Way
from portico.domain.conversations.actions.comment import CommentInput, add_comment
from portico.domain.conversations.authors import Author
from portico.domain.conversations.models import AuthorKind, Comment
from portico.domain.custom_domains.actions.register import register_domain
from portico.domain.customers.actions.upsert import ContactInput, CustomerInput, upsert_customer
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.actions.create import DocumentInput, create_document
from portico.domain.documents.actions.plan import InstalmentInput, PlanInput, make_plan
from portico.domain.documents.actions.void import void
from portico.domain.documents.actions.write_off import write_off
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.totals import LineInput
from portico.domain.files.actions.keep_original import keep_original
from portico.domain.files.actions.store import FileInput, store_file
from portico.domain.files.models import File
from portico.domain.payments.actions.gateway_accounts import add_gateway
from portico.domain.payments.actions.record_outcome import record_outcome
from portico.domain.payments.actions.record_payment import PaymentInput, record_payment
from portico.domain.payments.actions.refund import refund
from portico.domain.payments.actions.remember_method import remember_method
from portico.domain.payments.actions.start_attempt import AttemptInput, ShareInput, start_attempt
from portico.domain.payments.gateway import MethodDetails, Outcome, OutcomeState
from portico.domain.payments.models import Method, Payment, PaymentAttempt, PaymentMethod
from portico.domain.payments.queries import gateway_account
from portico.web.portal.core.gate import cookie_name
from tests.bank import new_bank_account

HOST = "testserver"
NAME = "Ottokar"
CODE = "OWN"
PASSWORD = "correct horse battery staple"
_PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"


@dataclass
class Account:
    """A customer with everything a customer can have."""

    customer: Customer
    documents: list[Document]
    payment: Payment
    files: list[File]
    grant: Grant
    secret: str
    colleague_secret: str
    session: PortalSession
    attempt: PaymentAttempt
    method: PaymentMethod

    @property
    def comment(self) -> Comment:
        """What the customer asked about the first invoice."""
        return Comment.objects.get(conversation__document=self.documents[0])

    @property
    def comment_file(self) -> File:
        return File.objects.get(subject_id=self.comment.id)

    @property
    def business(self) -> Business:
        return self.customer.business

    def of(self, kind: Kind) -> Document:
        """The first document of a kind that the customer may see."""
        return next(row for row in self.documents if row.kind == kind)

    def browser(self, *, business: Business | None = None, colleague: bool = False) -> Client:
        """A browser that is signed in as this customer; with `business`, it shows its cookie at that one's portal."""
        secret = self.colleague_secret if colleague else self.secret
        _session, token = open_session(find_grant(self.business, secret), ClientInfo(HOST))
        client = Client(headers={"host": HOST})
        client.cookies[cookie_name((business or self.business).slug)] = token
        return client


@dataclass
class Cast:
    """Who is in the cast. `owner` and `neighbour` are customers of one business, `stranger` of another."""

    owner: Account
    neighbour: Account
    stranger: Account
    staff: User
    stranger_staff: User
    api_key: str
    stranger_api_key: str


def make_cast() -> Cast:
    """Make everybody, with something of every kind."""
    business, elsewhere = new_business("nordlicht"), new_business("fremd")
    return Cast(
        owner=make_account(business, NAME, CODE),
        neighbour=make_account(business, "Nachbar", "NEAR"),
        stranger=make_account(elsewhere, "Fremder", "FAR"),
        staff=create_staff(business, "staff@nordlicht.example", PASSWORD, by=OPERATOR),
        stranger_staff=create_staff(elsewhere, "staff@fremd.example", PASSWORD, by=OPERATOR),
        api_key=create_api_key(business, "ERP", by=OPERATOR)[1],
        stranger_api_key=create_api_key(elsewhere, "ERP", by=OPERATOR)[1],
    )


def new_business(slug: str) -> Business:
    """A business in Berlin that shows its customers everything it has, and has a key to sign links with."""
    data = BusinessInput(slug.title(), slug, "EUR", "DE", "Europe/Berlin")
    business = create_business(data, by=OPERATOR)
    create_magic_key(business, by=OPERATOR)
    add_gateway(business, "sandbox", by=OPERATOR)
    new_bank_account(business)
    register_domain(business, f"billing.{business.slug}.org", by=OPERATOR)
    add_instruction(business, InstructionInput(Way.BANK_TRANSFER, "By the due date, please."), by=OPERATOR)
    business = change_payment_settings(business, {"allow_autopay": True}, by=OPERATOR)
    return change_portal_settings(business, {"show_sales_orders": True, "allow_promises": True}, by=OPERATOR)


def make_account(business: Business, name: str, code: str) -> Account:
    """A customer with documents of every kind, payments, files, contacts and links, all bearing the marks."""
    data = CustomerInput(
        external_id=f"{code}-1",
        name=f"{name} GmbH",
        email=f"{name.lower()}@example.com",
        addresses={"billing": {"line1": f"{name}weg 1", "city": "Berlin", "country": "DE"}},
        contacts=[ContactInput(f"Frau {name}", f"ap@{name.lower()}.example")],
    )
    customer, _ = upsert_customer(business, data, by=OPERATOR)
    invoice, paid, lost, gone = (_document(customer, name, f"{code}-{serial}", Kind.INVOICE) for serial in range(4))
    keep_original(business.pk, invoice.ref, f"{code}.xml", code.encode(), "application/xml")
    others = [_document(customer, name, f"{code}-9", kind) for kind in Kind if kind != Kind.INVOICE]
    draft = _document(customer, name, f"{code}-4", Kind.INVOICE, draft=True)
    today = business.today()
    received = PaymentInput(
        15000, "EUR", today, Method.BANK_TRANSFER, [Share(paid, 11900)], reference=name, external_id=f"{code}/P/1"
    )
    payment = record_payment(customer, received, by=OPERATOR)
    refund(payment, 100, by=OPERATOR, on=today, reason=f"{name} asked")
    write_off(lost, by=OPERATOR, on=today)
    void(gone, by=OPERATOR)
    make_plan(invoice, PlanInput([InstalmentInput(today + timedelta(days=30), invoice.open_amount)]), by=OPERATOR)
    files = [
        store_file(customer, subject, f"{code}.pdf", _PDF, FileInput(True, f"For {name}"), by=OPERATOR)
        for subject in (customer.ref, invoice.ref, draft.ref)
    ]
    grant, secret = regenerate_portal_link(customer, by=OPERATOR)
    _, colleague_secret = api_portal_url(customer, by=OPERATOR)
    documents = [invoice, *others, paid, lost, gone, draft]
    session, _ = open_session(find_grant(business, secret), ClientInfo(HOST))
    attempt = _declined(customer, invoice)
    gateway = gateway_account(business, "sandbox")
    _default, method = (
        remember_method(
            customer, gateway, MethodDetails(f"tok_{last4}_{code}", "card", "Visa", last4, name), by=OPERATOR
        )
        for last4 in ("1881", "4242")
    )
    _ask(customer, invoice, name, code)
    return Account(customer, documents, payment, files, grant, secret, colleague_secret, session, attempt, method)


def _ask(customer: Customer, invoice: Document, name: str, code: str) -> None:
    """A question about an invoice, with a file, and one in general."""
    author = Author(AuthorKind.CUSTOMER, customer.public_id, f"Frau {name}")
    add_comment(customer, None, CommentInput(f"A question of {name}"), author, by=OPERATOR)
    about = CommentInput(f"A question of {name} about {code}", [(f"{code}.pdf", _PDF)])
    add_comment(customer, invoice, about, author, by=OPERATOR)


def _declined(customer: Customer, invoice: Document) -> PaymentAttempt:
    """An attempt to pay an invoice that a bank has declined."""
    share = ShareInput(invoice, invoice.open_amount)
    wanted = AttemptInput(f"form of {customer.external_id}", "EUR", Method.CARD, [share])
    attempt = start_attempt(customer, gateway_account(customer.business, "sandbox"), wanted, by=OPERATOR)
    return record_outcome(attempt, Outcome(OutcomeState.FAILED, f"sbx_{attempt.id}", failure_code="card_declined"))


def _document(customer: Customer, name: str, number: str, kind: Kind, *, draft: bool = False) -> Document:
    today = customer.business.today()
    data = DocumentInput(
        kind=kind,
        currency="EUR",
        issued_on=today - timedelta(days=40),
        due_on=today - timedelta(days=10) if kind == Kind.INVOICE else None,
        lines=[LineInput(f"Work for {name}", Decimal(1), Decimal(100), tax_rate=Decimal(19))],
        number=number,
        external_id=f"{kind}/{number}",
        notes=f"With thanks to {name}",
        draft=draft,
    )
    return create_document(customer.business, customer, data, by=OPERATOR)
