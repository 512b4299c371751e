"""Putting credit notes and payments against invoices, and taking them off again."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import ConfigDict, Field

from portico.domain.access.viewer import ApiViewer
from portico.domain.documents import queries as documents
from portico.domain.documents.actions.apply import apply_credit
from portico.domain.documents.actions.take_off import take_off
from portico.domain.documents.kinds import Kind
from portico.domain.documents.models import Document
from portico.domain.ledger.errors import NotEnough
from portico.domain.ledger.models import Item
from portico.domain.ledger.queries import item_of
from portico.domain.payments import queries as payments
from portico.domain.payments.models import Payment
from portico.lib.errors import Conflict, NotFound
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import WRITE, viewer_of
from portico.web.api.v1.credit_notes import LinkedCreditNoteOut, linked_credit_note_out
from portico.web.api.v1.documents import AllocationIn, shares_named
from portico.web.api.v1.fields import MAX_ALLOCATIONS, Input
from portico.web.api.v1.idempotency import IDEMPOTENT, idempotent
from portico.web.api.v1.payments import LinkedPaymentOut, linked_payment_out

credit_notes = Router(tags=["Credit notes"])
payments_router = Router(tags=["Payments"])


class AllocationsIn(Input):
    """Which invoices a credit is put against, and with how much."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"allocations": [{"invoice": "INV-0001", "amount": 11900}]}]}
    )

    allocations: Annotated[list[AllocationIn], Field(min_length=1, max_length=MAX_ALLOCATIONS)]


@credit_notes.post(
    "/{path:credit_note}/allocations",
    auth=WRITE,
    response={201: LinkedCreditNoteOut},
    openapi_extra=IDEMPOTENT,
    summary="Apply a credit note",
)
@idempotent
def apply_credit_note(request: HttpRequest, credit_note: str, body: AllocationsIn) -> HttpResponse:
    """Put what is left of a credit note against invoices from today on, all or nothing."""
    viewer = viewer_of(request)
    found = documents.document(viewer, credit_note, Kind.CREDIT_NOTE)
    _apply(viewer, _item_of(found), body)
    return answer(linked_credit_note_out(documents.document(viewer, found.public_id, Kind.CREDIT_NOTE), viewer), 201)


@credit_notes.delete(
    "/{path:credit_note}/allocations/{path:invoice}",
    auth=WRITE,
    response={200: LinkedCreditNoteOut},
    summary="Take a credit note off an invoice",
)
def take_credit_note_off(request: HttpRequest, credit_note: str, invoice: str) -> HttpResponse:
    """Take all of a credit note that stands against an invoice off again, from today on."""
    viewer = viewer_of(request)
    found = documents.document(viewer, credit_note, Kind.CREDIT_NOTE)
    _take_off(viewer, _item_of(found), invoice)
    return answer(linked_credit_note_out(documents.document(viewer, found.public_id, Kind.CREDIT_NOTE), viewer))


@payments_router.post(
    "/{path:payment}/allocations",
    auth=WRITE,
    response={201: LinkedPaymentOut},
    openapi_extra=IDEMPOTENT,
    summary="Apply a payment",
)
@idempotent
def apply_payment(request: HttpRequest, payment: str, body: AllocationsIn) -> HttpResponse:
    """Put what is unapplied of a payment against invoices from today on, all or nothing."""
    viewer = viewer_of(request)
    found = payments.payment(viewer, payment)
    _apply(viewer, _item_of(found), body)
    return answer(linked_payment_out(payments.payment(viewer, found.public_id), viewer), 201)


@payments_router.delete(
    "/{path:payment}/allocations/{path:invoice}",
    auth=WRITE,
    response={200: LinkedPaymentOut},
    summary="Take a payment off an invoice",
)
def take_payment_off(request: HttpRequest, payment: str, invoice: str) -> HttpResponse:
    """Take all of a payment that stands against an invoice off again, from today on: it becomes credit."""
    viewer = viewer_of(request)
    found = payments.payment(viewer, payment)
    _take_off(viewer, _item_of(found), invoice)
    return answer(linked_payment_out(payments.payment(viewer, found.public_id), viewer))


def _item_of(credit: Document | Payment) -> Item:
    item = item_of(credit.pk)
    if item is None:
        raise Conflict(f"{credit} was never issued, so there is nothing to apply.", code="wrong_state")
    return item


def _apply(viewer: ApiViewer, credit: Item, body: AllocationsIn) -> None:
    apply_credit(credit, shares_named(viewer, body.allocations), by=viewer.actor)


def _take_off(viewer: ApiViewer, credit: Item, name: str) -> None:
    invoice = documents.document(viewer, name, Kind.INVOICE)
    try:
        take_off(credit, invoice, by=viewer.actor)
    except NotEnough as error:
        raise NotFound(f"Nothing of it is applied to {invoice.number or invoice.public_id}.") from error
