from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import ConfigDict, Field

from portico.domain.access.viewer import ApiViewer
from portico.domain.customers.models import Customer
from portico.domain.documents import queries
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.actions.credit import put_credit_note
from portico.domain.documents.actions.void import void
from portico.domain.documents.document_input import PRECEDING, DocumentInput, preceding_reference
from portico.domain.documents.models import Document, Kind
from portico.domain.ledger.queries import Applied, applied
from portico.lib.errors import FieldError, Invalid, NotFound
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, WRITE, viewer_of
from portico.web.api.v1.document_in import DocumentIn, DocumentPatch, document_input
from portico.web.api.v1.document_links import LinksOut, links_of
from portico.web.api.v1.documents import (
    CREDIT_NOTE_STATUSES,
    AllocationIn,
    AllocationOut,
    CreditNoteFilters,
    DocumentOut,
    allocations_out,
    customer_named,
    document_out,
    documents_of,
    shares_named,
)
from portico.web.api.v1.drafts import change_draft, issue_draft, remove_draft
from portico.web.api.v1.expansions import expand
from portico.web.api.v1.fields import MAX_ALLOCATIONS, Input, Reference, VoidIn
from portico.web.api.v1.idempotency import IDEMPOTENT, idempotent
from portico.web.api.v1.pagination import page, refuse_unknown

router = Router(tags=["Credit notes"])


class CreditNoteFields(Input):
    """What credit notes alone have."""

    preceding_invoice: Annotated[
        Reference | None,
        Field(description="The invoice it corrects; when left out, those that it is put against"),
    ] = None


class CreditNoteIn(CreditNoteFields, DocumentIn):
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


class CreditNotePatch(CreditNoteFields, DocumentPatch):
    """What changes of a draft of a credit note."""


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
    "",
    auth=WRITE,
    response={200: LinkedCreditNoteOut, 201: LinkedCreditNoteOut},
    openapi_extra=IDEMPOTENT,
    summary="Create a credit note",
)
@idempotent
def create_credit_note(request: HttpRequest, body: CreditNoteIn) -> HttpResponse:
    """Issue a credit note and put it against invoices of the same customer and currency, all or nothing.

    One that has this `external_id` is found again (200), as an invoice is; it is put against nothing a second time.
    """
    viewer = viewer_of(request)
    customer = customer_named(viewer, body.customer)
    shares = shares_named(viewer, body.allocations)
    data = credit_note_input(viewer, customer, body, shares)
    put = put_credit_note(viewer.business, customer, data, shares, by=viewer.actor)
    return answer(linked_credit_note_out(put.document, viewer), 201 if put.written else 200)


def credit_note_input(
    viewer: ApiViewer, customer: Customer, body: CreditNoteIn | CreditNotePatch, shares: Sequence[Share] = ()
) -> DocumentInput:
    """Return what the domain needs of a body, with the invoices that it corrects."""
    data = document_input(Kind.CREDIT_NOTE, body)
    if body.preceding_invoice:
        corrected = [_preceding(viewer, customer, body.preceding_invoice)]
    elif any(reference["kind"] == PRECEDING for reference in data.references):
        corrected = []
    else:
        corrected = [share.invoice for share in shares]
    named = tuple(dict.fromkeys(row.pk for row in corrected))
    found = {row.pk: preceding_reference(row) for row in corrected}
    return replace(data, references=(*(found[key] for key in named), *data.references))


def _preceding(viewer: ApiViewer, customer: Customer, name: str) -> Document:
    try:
        found = queries.document(viewer, name, Kind.INVOICE)
    except NotFound as error:
        error.fields = (FieldError("/preceding_invoice", error.message),)
        raise
    if found.customer_id != customer.pk:
        message = "The invoice is another customer's."
        raise Invalid(message, code="wrong_customer", fields=[FieldError("/preceding_invoice", message)])
    return found


@router.get("", auth=READ, response={200: CreditNoteList}, summary="List credit notes")
def list_credit_notes(request: HttpRequest, filters: Query[CreditNoteFilters]) -> HttpResponse:
    """Credit notes by issue date, the newest first."""
    viewer = viewer_of(request)
    refuse_unknown(request, filters)
    rows = documents_of(viewer, Kind.CREDIT_NOTE, filters)
    found, cursor = page(rows, filters, viewer=viewer, series="credit_notes", day="issued_on", sort=filters.sort)
    used = applied([row.pk for row in found])
    body: CreditNoteList = {
        "object": "list",
        "data": expand(
            viewer, found, [credit_note_out(row, viewer, used.get(row.pk, ())) for row in found], filters.expand
        ),
        "next_cursor": cursor,
    }
    return answer(body)


@router.post(
    "/{path:credit_note}/void",
    auth=WRITE,
    response={200: LinkedCreditNoteOut},
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


@router.post(
    "/{path:credit_note}/issue",
    auth=WRITE,
    response={200: LinkedCreditNoteOut},
    openapi_extra=IDEMPOTENT,
    summary="Issue a draft of a credit note",
)
@idempotent
def issue_credit_note(request: HttpRequest, credit_note: str) -> HttpResponse:
    """Make a draft count: it gets its number and shows to the customer. Again changes nothing."""
    viewer = viewer_of(request)
    return answer(linked_credit_note_out(issue_draft(viewer, credit_note, Kind.CREDIT_NOTE), viewer))


@router.patch(
    "/{path:credit_note}",
    auth=WRITE,
    response={200: LinkedCreditNoteOut},
    summary="Change a draft of a credit note",
)
def change_credit_note(request: HttpRequest, credit_note: str, body: CreditNotePatch) -> HttpResponse:
    """Change a draft, its totals with it. What is issued is refused: void it and write another."""
    viewer = viewer_of(request)

    def to_input(found: Document) -> DocumentInput:
        customer = customer_named(viewer, body.customer) if body.customer else found.customer
        return credit_note_input(viewer, customer, body)

    return answer(linked_credit_note_out(change_draft(viewer, credit_note, Kind.CREDIT_NOTE, body, to_input), viewer))


@router.delete("/{path:credit_note}", auth=WRITE, response={204: None}, summary="Delete a draft of a credit note")
def delete_credit_note(request: HttpRequest, credit_note: str) -> HttpResponse:
    """Delete a draft. What is issued is never deleted."""
    remove_draft(viewer_of(request), credit_note, Kind.CREDIT_NOTE)
    return HttpResponse(status=204)


@router.get("/{path:credit_note}", auth=READ, response={200: LinkedCreditNoteOut}, summary="Read a credit note")
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
