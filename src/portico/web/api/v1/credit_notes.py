from collections.abc import Sequence
from typing import Annotated, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import ConfigDict, Field

from portico.domain.access.viewer import ApiViewer
from portico.domain.documents import queries
from portico.domain.documents.actions.credit import create_credit_note as create
from portico.domain.documents.actions.void import void
from portico.domain.documents.models import Document, Kind
from portico.domain.ledger.queries import Applied, applied
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import viewer_of
from portico.web.api.v1.document_links import LinksOut, links_of
from portico.web.api.v1.documents import (
    CREDIT_NOTE_STATUSES,
    AllocationIn,
    AllocationOut,
    CreditNoteFilters,
    DocumentIn,
    DocumentOut,
    allocations_out,
    customer_named,
    document_input,
    document_out,
    documents_of,
    shares_named,
)
from portico.web.api.v1.errors import PROBLEMS
from portico.web.api.v1.fields import MAX_ALLOCATIONS, VoidIn
from portico.web.api.v1.idempotency import IDEMPOTENT, idempotent
from portico.web.api.v1.pagination import page, refuse_unknown

router = Router(tags=["Credit notes"])


class CreditNoteIn(DocumentIn):
    """A credit note as a program writes it. Its amounts are positive: they are what the customer gets back."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "customer": "acme",
                    "issued_on": "2026-11-25",
                    "currency": "EUR",
                    "lines": [
                        {"description": "Returned goods", "quantity": "1", "unit_price": "100", "tax_rate": "19"}
                    ],
                    "allocations": [{"invoice": "INV-0001", "amount": 11900}],
                }
            ]
        }
    )

    allocations: Annotated[
        list[AllocationIn], Field(max_length=MAX_ALLOCATIONS, description="Invoices it is put against at once")
    ] = []


class CreditNoteOut(DocumentOut):
    """A credit note. `amount_due` is what of it is still to be used."""

    object: Literal["credit_note"]
    status: Annotated[str, Field(json_schema_extra={"enum": list(CREDIT_NOTE_STATUSES)})]
    allocations: list[AllocationOut]


class LinkedCreditNoteOut(CreditNoteOut, LinksOut):
    """A credit note with its links."""


class CreditNoteList(TypedDict):
    """One page of credit notes, newest first."""

    object: Literal["list"]
    data: list[CreditNoteOut]
    next_cursor: str | None


@router.post(
    "", response={201: LinkedCreditNoteOut, **PROBLEMS}, openapi_extra=IDEMPOTENT, summary="Create a credit note"
)
@idempotent
def create_credit_note(request: HttpRequest, body: CreditNoteIn) -> HttpResponse:
    """Issue a credit note and put it against invoices of the same customer and currency, all or nothing."""
    viewer = viewer_of(request)
    customer = customer_named(viewer, body.customer)
    shares = shares_named(viewer, body.allocations)
    data = document_input(Kind.CREDIT_NOTE, body)
    credit_note = create(viewer.business, customer, data, shares, by=viewer.actor)
    return answer(linked_credit_note_out(credit_note, viewer), 201)


@router.get("", response={200: CreditNoteList, **PROBLEMS}, summary="List credit notes")
def list_credit_notes(request: HttpRequest, filters: Query[CreditNoteFilters]) -> HttpResponse:
    """Credit notes by issue date, the newest first."""
    viewer = viewer_of(request)
    refuse_unknown(request, filters)
    rows = documents_of(viewer, Kind.CREDIT_NOTE, filters)
    found, cursor = page(rows, filters, viewer=viewer, series="credit_notes", day="issued_on")
    used = applied([row.pk for row in found])
    body: CreditNoteList = {
        "object": "list",
        "data": [credit_note_out(row, viewer, used.get(row.pk, ())) for row in found],
        "next_cursor": cursor,
    }
    return answer(body)


@router.post(
    "/{path:credit_note}/void",
    response={200: LinkedCreditNoteOut, **PROBLEMS},
    openapi_extra=IDEMPOTENT,
    summary="Void a credit note",
)
@idempotent
def void_credit_note(request: HttpRequest, credit_note: str, body: VoidIn | None = None) -> HttpResponse:
    """Cancel an issued credit note from today on. What it had reduced is owed again. Again changes nothing."""
    viewer = viewer_of(request)
    found = queries.document(viewer, credit_note, Kind.CREDIT_NOTE)
    voided = void(found, by=viewer.actor, reason=(body and body.reason) or "")
    return answer(linked_credit_note_out(voided, viewer))


@router.get("/{path:credit_note}", response={200: LinkedCreditNoteOut, **PROBLEMS}, summary="Read a credit note")
def read_credit_note(request: HttpRequest, credit_note: str) -> HttpResponse:
    """One credit note, by its id, external id or number."""
    viewer = viewer_of(request)
    return answer(linked_credit_note_out(queries.document(viewer, credit_note, Kind.CREDIT_NOTE), viewer))


def credit_note_out(credit_note: Document, viewer: ApiViewer, used: Sequence[Applied]) -> CreditNoteOut:
    """Return a credit note as it reads today; `used` is what it stands against."""
    status = credit_note.status(viewer.business.today())
    return {
        "object": "credit_note",
        "status": status.value,
        "allocations": allocations_out(used),
        **document_out(credit_note),
    }


def linked_credit_note_out(credit_note: Document, viewer: ApiViewer) -> LinkedCreditNoteOut:
    """Return a credit note as it reads today, with its links."""
    used = applied([credit_note.pk]).get(credit_note.pk, ())
    return {**credit_note_out(credit_note, viewer, used), **links_of(credit_note, viewer)}
