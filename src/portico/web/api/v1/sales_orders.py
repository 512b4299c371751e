from typing import Annotated, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import ConfigDict, Field

from portico.domain.access.viewer import ApiViewer
from portico.domain.documents import queries
from portico.domain.documents.actions.put import put_document
from portico.domain.documents.actions.void import void
from portico.domain.documents.models import Document, Kind
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, WRITE, viewer_of
from portico.web.api.v1.document_in import DocumentIn, DocumentPatch, document_input
from portico.web.api.v1.document_links import LinksOut, links_of
from portico.web.api.v1.documents import (
    SALES_ORDER_STATUSES,
    DocumentOut,
    SalesOrderFilters,
    customer_named,
    document_out,
    documents_of,
)
from portico.web.api.v1.drafts import change_draft, issue_draft, remove_draft
from portico.web.api.v1.expansions import expand
from portico.web.api.v1.fields import VoidIn
from portico.web.api.v1.idempotency import IDEMPOTENT, idempotent
from portico.web.api.v1.pagination import page, refuse_unknown

router = Router(tags=["Sales orders"])


class SalesOrderIn(DocumentIn):
    """A sales order as a program writes it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "customer": "acme",
                    "issued_on": "2026-11-20",
                    "currency": "EUR",
                    "purchase_order": "PO-7730",
                    "lines": [{"description": "Pump", "quantity": "2", "unit_price": "410", "tax_rate": "19"}],
                }
            ]
        }
    )


class SalesOrderOut(DocumentOut):
    """A sales order. Nothing is due on it."""

    object: Literal["sales_order"]
    status: Annotated[str, Field(json_schema_extra={"enum": list(SALES_ORDER_STATUSES)})]


class LinkedSalesOrderOut(SalesOrderOut, LinksOut):
    """A sales order with its links."""


class SalesOrderList(TypedDict):
    """One page of sales orders, newest first."""

    object: Literal["list"]
    data: list[SalesOrderOut]
    next_cursor: str | None


@router.post(
    "",
    auth=WRITE,
    response={200: LinkedSalesOrderOut, 201: LinkedSalesOrderOut},
    openapi_extra=IDEMPOTENT,
    summary="Create a sales order",
)
@idempotent
def create_sales_order(request: HttpRequest, body: SalesOrderIn) -> HttpResponse:
    """Issue a sales order, or keep it as a draft; one that has this `external_id` is found again, as an invoice is."""
    viewer = viewer_of(request)
    customer = customer_named(viewer, body.customer)
    put = put_document(viewer.business, customer, document_input(Kind.SALES_ORDER, body), by=viewer.actor)
    return answer(linked_sales_order_out(put.document, viewer), 201 if put.written else 200)


@router.get("", auth=READ, response={200: SalesOrderList}, summary="List sales orders")
def list_sales_orders(request: HttpRequest, filters: Query[SalesOrderFilters]) -> HttpResponse:
    """Sales orders by issue date, the newest first."""
    viewer = viewer_of(request)
    refuse_unknown(request, filters)
    rows = documents_of(viewer, Kind.SALES_ORDER, filters)
    found, cursor = page(rows, filters, viewer=viewer, series="sales_orders", day="issued_on", sort=filters.sort)
    data = expand(viewer, found, [sales_order_out(row, viewer) for row in found], filters.expand)
    body: SalesOrderList = {"object": "list", "data": data, "next_cursor": cursor}
    return answer(body)


@router.post(
    "/{path:sales_order}/void",
    auth=WRITE,
    response={200: LinkedSalesOrderOut},
    openapi_extra=IDEMPOTENT,
    summary="Void a sales order",
)
@idempotent
def void_sales_order(request: HttpRequest, sales_order: str, body: VoidIn | None = None) -> HttpResponse:
    """Withdraw an issued sales order. Again changes nothing."""
    viewer = viewer_of(request)
    found = queries.document(viewer, sales_order, Kind.SALES_ORDER)
    voided = void(found, by=viewer.actor, reason=(body and body.reason) or "")
    return answer(linked_sales_order_out(voided, viewer))


@router.post(
    "/{path:sales_order}/issue",
    auth=WRITE,
    response={200: LinkedSalesOrderOut},
    openapi_extra=IDEMPOTENT,
    summary="Issue a draft of a sales order",
)
@idempotent
def issue_sales_order(request: HttpRequest, sales_order: str) -> HttpResponse:
    """Make a draft count: it gets its number and shows to the customer. Again changes nothing."""
    viewer = viewer_of(request)
    return answer(linked_sales_order_out(issue_draft(viewer, sales_order, Kind.SALES_ORDER), viewer))


@router.patch(
    "/{path:sales_order}",
    auth=WRITE,
    response={200: LinkedSalesOrderOut},
    summary="Change a draft of a sales order",
)
def change_sales_order(request: HttpRequest, sales_order: str, body: DocumentPatch) -> HttpResponse:
    """Change a draft, its totals with it. What is issued is refused: void it and write another."""
    viewer = viewer_of(request)
    said = document_input(Kind.SALES_ORDER, body)
    changed = change_draft(viewer, sales_order, Kind.SALES_ORDER, body, lambda _: said)
    return answer(linked_sales_order_out(changed, viewer))


@router.delete("/{path:sales_order}", auth=WRITE, response={204: None}, summary="Delete a draft of a sales order")
def delete_sales_order(request: HttpRequest, sales_order: str) -> HttpResponse:
    """Delete a draft. What is issued is never deleted."""
    remove_draft(viewer_of(request), sales_order, Kind.SALES_ORDER)
    return HttpResponse(status=204)


@router.get("/{path:sales_order}", auth=READ, response={200: LinkedSalesOrderOut}, summary="Read a sales order")
def read_sales_order(request: HttpRequest, sales_order: str) -> HttpResponse:
    """One sales order, by its id, external id or number."""
    viewer = viewer_of(request)
    return answer(linked_sales_order_out(queries.document(viewer, sales_order, Kind.SALES_ORDER), viewer))


def sales_order_out(sales_order: Document, viewer: ApiViewer) -> SalesOrderOut:
    """Return a sales order as it reads today."""
    status = sales_order.status(viewer.business.today())
    return {"object": "sales_order", "status": status.value, **document_out(sales_order)}


def linked_sales_order_out(sales_order: Document, viewer: ApiViewer) -> LinkedSalesOrderOut:
    """Return a sales order as it reads today, with its links."""
    return {**sales_order_out(sales_order, viewer), **links_of(sales_order, viewer)}
