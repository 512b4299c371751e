"""The lists of the dashboard as tables: customers, documents and payments, with the ids that other programs know."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.payments.models import Payment
from portico.output.exports.table import Amount, Cell, Table
from portico.output.wording.kinds import kind_label, kind_plural
from portico.output.wording.methods import method_label


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A customer's account in one currency; without a currency a customer that has none. Amounts are minor units."""

    customer: Customer
    currency: str = ""
    balance: int = 0
    past_due: int = 0


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document with its state in words, and for how many days it is past due."""

    document: Document
    state: str
    days: int | None


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """A payment with its state in words."""

    payment: Payment
    state: str


def customers_table(rows: Iterable[CustomerLine], language: str) -> Table[CustomerLine]:
    """Return a list of customers, one row for each currency."""
    return Table(_("Customers"), _customers_header, rows, _customer_cells, language)


def documents_table(kind: str, rows: Iterable[DocumentLine], language: str) -> Table[DocumentLine]:
    """Return a list of documents of a kind, with their customers."""
    return Table(kind_plural(kind), _documents_header, rows, _document_cells, language)


def payments_table(rows: Iterable[PaymentLine], language: str) -> Table[PaymentLine]:
    """Return a list of payments, with their customers and items."""
    return Table(_("Payments"), _payments_header, rows, _payment_cells, language)


def _customers_header() -> list[str]:
    return [
        _("Customer"), _("External id"), _("E-mail"), _("Phone"), _("Tax ID"), _("Currency"), _("Balance"),
        _("Past due"), "ID",
    ]  # fmt: skip


def _customer_cells(row: CustomerLine) -> list[Cell]:
    customer = row.customer
    return [
        customer.name,
        customer.external_id,
        customer.email,
        customer.phone,
        customer.tax_id,
        row.currency,
        Amount(row.balance, row.currency) if row.currency else None,
        Amount(row.past_due, row.currency) if row.currency else None,
        customer.public_id,
    ]


def _documents_header() -> list[str]:
    return [
        _("Type"), _("Number"), _("Customer"), _("External id of the customer"), _("Title"), _("Order number"),
        _("Date"), _("Due"), _("State"), _("Days past due"), _("Currency"), _("Subtotal"), _("Tax"), _("Total"),
        _("Open"), _("External id"), "ID",
    ]  # fmt: skip


def _document_cells(row: DocumentLine) -> list[Cell]:
    document = row.document
    currency = document.currency
    return [
        kind_label(document.kind),
        document.number,
        document.customer.name,
        document.customer.external_id,
        document.title,
        document.purchase_order,
        document.issued_on,
        document.deadline,
        row.state,
        row.days,
        currency,
        Amount(document.subtotal, currency),
        Amount(document.tax_total, currency),
        Amount(document.payable, currency),
        Amount(document.open_amount, currency) if document.sign else None,
        document.external_id,
        document.public_id,
    ]


def _payments_header() -> list[str]:
    return [
        _("Number"), _("Customer"), _("External id of the customer"), _("Paid on"), _("Method"), _("Reference"),
        _("State"), _("Currency"), _("Amount"), _("Unapplied"), _("Fee"), _("External id"), "ID",
    ]  # fmt: skip


def _payment_cells(row: PaymentLine) -> list[Cell]:
    payment = row.payment
    return [
        payment.number,
        payment.customer.name,
        payment.customer.external_id,
        payment.paid_on,
        method_label(payment.method),
        payment.reference,
        row.state,
        payment.currency,
        Amount(payment.amount, payment.currency),
        Amount(payment.unapplied, payment.currency),
        Amount(payment.fee, payment.currency),
        payment.external_id,
        payment.public_id,
    ]
