"""Finding payments by number, reference and amount, and by the invoices they paid; and everything at once."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from portico.domain.access.queries import customers
from portico.domain.access.viewer import CustomerViewer, Viewer
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.documents.queries import documents
from portico.domain.documents.search import first_found as first_documents
from portico.domain.documents.search import meeting
from portico.domain.ledger.models import Allocation
from portico.domain.payments.models import Payment
from portico.domain.payments.queries import payments
from portico.domain.search.models import Group
from portico.domain.search.queries import few, found, matching, row_by_row
from portico.lib.folding import Term, search_terms


@dataclass(frozen=True, slots=True)
class Results:
    """The first customers, documents and payments that a query finds."""

    customers: list[Customer]
    documents: list[Document]
    payments: list[Payment]


def search(viewer: Viewer, query: str, most: int) -> Results:
    """Look for a query in everything a viewer may see: at most so many of each."""
    business = viewer.business.pk
    keys = found(business, Group.CUSTOMERS, query, most)
    by_key = customers(viewer).in_bulk(keys)
    return Results(
        [by_key[key] for key in keys if key in by_key],
        first_documents(viewer, query, most),
        _first_payments(viewer, query, most),
    )


def searched(rows: QuerySet[Payment], viewer: Viewer, query: str) -> QuerySet[Payment]:
    """Narrow payments that a viewer may see to those that a query finds; by customers too, where there are several."""
    for term in search_terms(query):
        rows = rows.filter(_own(viewer, term) | _of_customers(viewer, term))
    return rows


def _first_payments(viewer: Viewer, query: str, most: int) -> list[Payment]:
    rows = payments(viewer).select_related("customer")
    keys = found(viewer.business.pk, Group.PAYMENTS, query, most)
    by_key = rows.in_bulk(keys)
    first, terms = [by_key[key] for key in keys if key in by_key], search_terms(query)
    if first or not terms:
        return first
    # A customer's name alone finds the customer; with other words, its payments.
    own = [_own(viewer, term) for term in terms]
    rows = rows.filter(reduce(or_, own))
    if len(terms) > 1:
        for term, condition in zip(terms, own, strict=True):
            rows = rows.filter(condition | _of_customers(viewer, term))
    return list(rows.order_by("-paid_on", "-id")[:most])


def _own(viewer: Viewer, term: Term) -> Q:
    ask = row_by_row if isinstance(viewer, CustomerViewer) else matching
    return ask(viewer.business.pk, Group.PAYMENTS, term) | _by_invoice(viewer, term)


def _of_customers(viewer: Viewer, term: Term) -> Q:
    if isinstance(viewer, CustomerViewer):
        return Q(pk__in=[])
    return matching(viewer.business.pk, Group.CUSTOMERS, term, "customer_id")


def _by_invoice(viewer: Viewer, term: Term) -> Q:
    """Return the condition that a payment was put against an invoice that meets a term; for staff, unless many do."""
    if isinstance(viewer, CustomerViewer):
        invoices: QuerySet[Document, Any] | list[UUID] = documents(viewer).filter(meeting(viewer, term)).values("pk")
    else:
        invoices = few(viewer.business.pk, Group.DOCUMENTS, term) or []
    return Q(item__in=Allocation.objects.filter(debit__in=invoices).values("credit"))
