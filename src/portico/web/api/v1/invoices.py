from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import ConfigDict, Field

from portico.domain.access.viewer import ApiViewer
from portico.domain.documents import queries
from portico.domain.documents.actions.put import put_document
from portico.domain.documents.actions.void import void
from portico.domain.documents.document_input import DocumentInput
from portico.domain.documents.models import Document, Kind, Line
from portico.domain.payments.models import Method
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, WRITE, viewer_of
from portico.web.api.v1.document_in import DocumentIn, DocumentPatch, document_input
from portico.web.api.v1.document_links import InvoiceLinksOut, invoice_links_of, new_invoice_links
from portico.web.api.v1.documents import (
    INVOICE_STATUSES,
    DocumentOut,
    InvoiceFilters,
    customer_named,
    document_out,
    documents_of,
)
from portico.web.api.v1.drafts import change_draft, issue_draft, remove_draft
from portico.web.api.v1.expansions import expand
from portico.web.api.v1.fields import Day, Input, OneOf, Text, VoidIn
from portico.web.api.v1.idempotency import IDEMPOTENT, idempotent
from portico.web.api.v1.pagination import page, refuse_unknown

router = Router(tags=["Invoices"])

METHODS = tuple(Method.values)


class InvoiceFields(Input):
    """What invoices alone have."""

    due_on: Annotated[Day | None, Field(description="Ageing counts from here, or from the issue date")] = None
    disabled_methods: Annotated[
        list[Annotated[Text, OneOf(METHODS)]],
        Field(max_length=len(METHODS), description="Ways to pay that are not offered for the invoice"),
    ] = []


class InvoiceIn(InvoiceFields, DocumentIn):
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


class InvoicePatch(InvoiceFields, DocumentPatch):
    """What changes of a draft of an invoice."""


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


@router.post(
    "",
    auth=WRITE,
    response={200: LinkedInvoiceOut, 201: LinkedInvoiceOut},
    openapi_extra=IDEMPOTENT,
    summary="Create an invoice",
)
@idempotent
def create_invoice(request: HttpRequest, body: InvoiceIn) -> HttpResponse:
    """Issue an invoice (201), or keep it as a draft. Totals are computed by Portico, each step rounded half-up.

    One that has this `external_id` is found again (200): the same stays as it is, a draft is changed, and issued where
    the body is none. What is issued is not changed, and is refused: void it, which frees its external id.
    """
    viewer = viewer_of(request)
    customer = customer_named(viewer, body.customer)
    put = put_document(viewer.business, customer, _to_input(body), by=viewer.actor, given=body.model_fields_set)
    if put.written is None:
        return answer(linked_invoice_out(put.document, viewer))
    body_out: LinkedInvoiceOut = {
        **invoice_out(put.document, viewer, put.written.lines),
        **new_invoice_links(put.written, viewer),
    }
    return answer(body_out, 201)


def _to_input(body: InvoiceIn | InvoicePatch) -> DocumentInput:
    disabled = tuple(method for method in METHODS if method in body.disabled_methods)
    return replace(document_input(Kind.INVOICE, body, body.due_on), disabled_methods=disabled)


@router.get("", auth=READ, response={200: InvoiceList}, summary="List invoices")
def list_invoices(request: HttpRequest, filters: Query[InvoiceFilters]) -> HttpResponse:
    """Invoices by issue date, the newest first."""
    viewer = viewer_of(request)
    refuse_unknown(request, filters)
    rows = documents_of(viewer, Kind.INVOICE, filters)
    found, cursor = page(rows, filters, viewer=viewer, series="invoices", day="issued_on", sort=filters.sort)
    data = expand(viewer, found, [invoice_out(row, viewer) for row in found], filters.expand)
    body: InvoiceList = {"object": "list", "data": data, "next_cursor": cursor}
    return answer(body)


@router.post(
    "/{path:invoice}/void",
    auth=WRITE,
    response={200: LinkedInvoiceOut},
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


@router.post(
    "/{path:invoice}/issue",
    auth=WRITE,
    response={200: LinkedInvoiceOut},
    openapi_extra=IDEMPOTENT,
    summary="Issue a draft of an invoice",
)
@idempotent
def issue_invoice(request: HttpRequest, invoice: str) -> HttpResponse:
    """Make a draft count: it gets its number and shows to the customer. Again changes nothing."""
    viewer = viewer_of(request)
    return answer(linked_invoice_out(issue_draft(viewer, invoice, Kind.INVOICE), viewer))


@router.patch("/{path:invoice}", auth=WRITE, response={200: LinkedInvoiceOut}, summary="Change a draft of an invoice")
def change_invoice(request: HttpRequest, invoice: str, body: InvoicePatch) -> HttpResponse:
    """Change a draft, its totals with it. What is issued is refused: void it and write another."""
    viewer = viewer_of(request)
    changed = change_draft(viewer, invoice, Kind.INVOICE, body, lambda _: _to_input(body))
    return answer(linked_invoice_out(changed, viewer))


@router.delete("/{path:invoice}", auth=WRITE, response={204: None}, summary="Delete a draft of an invoice")
def delete_invoice(request: HttpRequest, invoice: str) -> HttpResponse:
    """Delete a draft. What is issued is never deleted."""
    remove_draft(viewer_of(request), invoice, Kind.INVOICE)
    return HttpResponse(status=204)


@router.get("/{path:invoice}", auth=READ, response={200: LinkedInvoiceOut}, summary="Read an invoice")
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
