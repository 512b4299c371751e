from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import ConfigDict, Field

from portico.domain.access.viewer import ApiViewer
from portico.domain.documents import queries
from portico.domain.documents.actions.create import create_with_link
from portico.domain.documents.actions.void import void
from portico.domain.documents.models import Document, Kind, Line
from portico.domain.payments.models import Method
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import viewer_of
from portico.web.api.v1.document_links import InvoiceLinksOut, invoice_links_of, new_invoice_links
from portico.web.api.v1.documents import (
    INVOICE_STATUSES,
    DocumentIn,
    DocumentOut,
    InvoiceFilters,
    customer_named,
    document_input,
    document_out,
    documents_of,
)
from portico.web.api.v1.errors import PROBLEMS
from portico.web.api.v1.fields import Day, OneOf, Text, VoidIn
from portico.web.api.v1.idempotency import IDEMPOTENT, idempotent
from portico.web.api.v1.pagination import page, refuse_unknown

router = Router(tags=["Invoices"])

METHODS = tuple(Method.values)


class InvoiceIn(DocumentIn):
    """An invoice as a program writes it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "customer": "acme",
                    "external_id": "order-7731",
                    "issued_on": "2026-11-20",
                    "due_on": "2026-12-20",
                    "currency": "EUR",
                    "discount": "3",
                    "tax_rate": "7",
                    "lines": [
                        {
                            "description": "Consulting, October",
                            "quantity": "8",
                            "unit_price": "51.50",
                            "discount": "2",
                            "tax_rate": "4",
                        }
                    ],
                }
            ]
        }
    )

    due_on: Annotated[Day | None, Field(description="Ageing counts from here, or from the issue date")] = None
    disabled_methods: Annotated[
        list[Annotated[Text, OneOf(METHODS)]],
        Field(max_length=len(METHODS), description="Ways to pay that are not offered for the invoice"),
    ] = []


class InvoiceOut(DocumentOut):
    """An invoice. A negative one is a credit. `instalment_due_on` is the next day of a payment plan that runs."""

    object: Literal["invoice"]
    status: Annotated[str, Field(json_schema_extra={"enum": list(INVOICE_STATUSES)})]
    instalment_due_on: date | None
    disabled_methods: Annotated[list[str], Field(json_schema_extra={"items": {"enum": list(METHODS)}})]


class LinkedInvoiceOut(InvoiceOut, InvoiceLinksOut):
    """An invoice with its links."""


class InvoiceList(TypedDict):
    """One page of invoices, newest first."""

    object: Literal["list"]
    data: list[InvoiceOut]
    next_cursor: str | None


@router.post("", response={201: LinkedInvoiceOut, **PROBLEMS}, openapi_extra=IDEMPOTENT, summary="Create an invoice")
@idempotent
def create_invoice(request: HttpRequest, body: InvoiceIn) -> HttpResponse:
    """Issue an invoice, or keep it as a draft. Totals are computed by Portico, each step rounded half-up."""
    viewer = viewer_of(request)
    customer = customer_named(viewer, body.customer)
    disabled = tuple(method for method in METHODS if method in body.disabled_methods)
    data = replace(document_input(Kind.INVOICE, body, body.due_on), disabled_methods=disabled)
    written = create_with_link(viewer.business, customer, data, by=viewer.actor)
    body_out: LinkedInvoiceOut = {
        **invoice_out(written.document, viewer, written.lines),
        **new_invoice_links(written, viewer),
    }
    return answer(body_out, 201)


@router.get("", response={200: InvoiceList, **PROBLEMS}, summary="List invoices")
def list_invoices(request: HttpRequest, filters: Query[InvoiceFilters]) -> HttpResponse:
    """Invoices by issue date, the newest first."""
    viewer = viewer_of(request)
    refuse_unknown(request, filters)
    rows = documents_of(viewer, Kind.INVOICE, filters)
    found, cursor = page(rows, filters, viewer=viewer, series="invoices", day="issued_on")
    body: InvoiceList = {"object": "list", "data": [invoice_out(row, viewer) for row in found], "next_cursor": cursor}
    return answer(body)


@router.post(
    "/{path:invoice}/void",
    response={200: LinkedInvoiceOut, **PROBLEMS},
    openapi_extra=IDEMPOTENT,
    summary="Void an invoice",
)
@idempotent
def void_invoice(request: HttpRequest, invoice: str, body: VoidIn | None = None) -> HttpResponse:
    """Cancel an issued invoice from today on. What paid it becomes the customer's credit. Again changes nothing."""
    viewer = viewer_of(request)
    found = queries.document(viewer, invoice, Kind.INVOICE)
    voided = void(found, by=viewer.actor, reason=(body and body.reason) or "")
    return answer(linked_invoice_out(voided, viewer))


@router.get("/{path:invoice}", response={200: LinkedInvoiceOut, **PROBLEMS}, summary="Read an invoice")
def read_invoice(request: HttpRequest, invoice: str) -> HttpResponse:
    """One invoice, by its id, external id or number."""
    viewer = viewer_of(request)
    return answer(linked_invoice_out(queries.document(viewer, invoice, Kind.INVOICE), viewer))


def invoice_out(invoice: Document, viewer: ApiViewer, lines: Sequence[Line] | None = None) -> InvoiceOut:
    """Return an invoice as it reads today; `lines` are its lines where the caller has them."""
    status = invoice.status(viewer.business.today())
    planned = invoice.instalment_due_on if invoice.is_owed else None
    return {
        "object": "invoice",
        "status": status.value,
        "instalment_due_on": planned,
        "disabled_methods": invoice.disabled_methods,
        **document_out(invoice, lines),
    }


def linked_invoice_out(invoice: Document, viewer: ApiViewer) -> LinkedInvoiceOut:
    """Return an invoice as it reads today, with its links."""
    return {**invoice_out(invoice, viewer), **invoice_links_of(invoice, viewer)}
