from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import ConfigDict, Field

from portico.domain.access.viewer import ApiViewer
from portico.domain.documents import queries
from portico.domain.documents.actions.decide import Evidence, approve, decline
from portico.domain.documents.actions.edit_estimate import edit_estimate
from portico.domain.documents.actions.put import put_document
from portico.domain.documents.actions.void import void
from portico.domain.documents.document_input import DocumentInput
from portico.domain.documents.models import Decision, Document, Kind, Lifecycle
from portico.domain.payments.actions.convert_estimate import convert_estimate as convert
from portico.domain.payments.deposits import deposits_paid
from portico.lib.errors import FieldError, Invalid
from portico.output.pdf.pdf_files import document_pdf
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, WRITE, viewer_of
from portico.web.api.v1.document_in import DocumentIn, DocumentPatch, document_input
from portico.web.api.v1.document_links import LinksOut, links_of
from portico.web.api.v1.documents import (
    ESTIMATE_STATUSES,
    DocumentOut,
    EstimateFilters,
    customer_named,
    decimal_text,
    document_out,
    documents_of,
)
from portico.web.api.v1.drafts import change_draft, issue_draft, patched, remove_draft
from portico.web.api.v1.expansions import expand
from portico.web.api.v1.fields import Day, DepositField, Input, Name, Passage, Said, VoidIn
from portico.web.api.v1.idempotency import IDEMPOTENT, idempotent
from portico.web.api.v1.invoices import LinkedInvoiceOut, linked_invoice_out
from portico.web.api.v1.pagination import page, refuse_unknown

router = Router(tags=["Estimates"])


class EstimateFields(Input):
    """What estimates alone have."""

    expires_on: Annotated[Day | None, Field(description="The last day on which it can be approved")] = None
    deposit: Annotated[DepositField | None, Field(description="What is due once it is approved")] = None


class EstimateIn(EstimateFields, DocumentIn):
    """An estimate as a program writes it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "customer": "acme",
                    "issued_on": "2026-11-20",
                    "expires_on": "2026-12-20",
                    "currency": "EUR",
                    "lines": [{"description": "Kitchen, fitted", "quantity": "1", "unit_price": "8400"}],
                    "terms": "Delivery within six weeks of the deposit.",
                    "deposit": {"percent": "30"},
                }
            ]
        }
    )


class EstimatePatch(EstimateFields, DocumentPatch):
    """What changes of an estimate."""


class ApprovalIn(Input):
    """Who approved an estimate, and how that is known."""

    name: Annotated[Said, Field(max_length=200, description="The person who approved it", examples=["Jane Doe"])]
    note: Passage | None = None


class DeclineIn(Input):
    """Why an estimate was declined, and by whom."""

    reason: Passage | None = None
    name: Name | None = None


class ConversionIn(Input):
    """How an estimate becomes an invoice."""

    due_on: Annotated[Day | None, Field(description="When the invoice is due; it is issued today")] = None


class DecisionOut(TypedDict):
    """Who decided on an estimate, when and from where; `pdf_sha256` is of the PDF as it was approved."""

    outcome: Annotated[str, Field(json_schema_extra={"enum": ["approved", "declined"]})]
    name: str
    note: str | None
    at: datetime
    entered_by: Annotated[str, Field(description="customer, staff, api or operator")]
    contact: str | None
    ip: str | None
    user_agent: str | None
    pdf_sha256: str | None


class DepositOut(TypedDict):
    """What an estimate asks for in advance, in minor units, and what was paid of it."""

    percent: str | None
    amount: int
    paid: int


class EstimateOut(DocumentOut):
    """An estimate. Nothing is due on it; its deposit is paid into the customer's credit."""

    object: Literal["estimate"]
    status: Annotated[str, Field(json_schema_extra={"enum": list(ESTIMATE_STATUSES)})]
    expires_on: date | None
    deposit: DepositOut | None
    decision: DecisionOut | None
    invoice: Annotated[str | None, Field(description="The invoice it was converted to")]


class LinkedEstimateOut(EstimateOut, LinksOut):
    """An estimate with its links."""


class EstimateList(TypedDict):
    """One page of estimates, newest first."""

    object: Literal["list"]
    data: list[EstimateOut]
    next_cursor: str | None


@router.post(
    "",
    auth=WRITE,
    response={200: LinkedEstimateOut, 201: LinkedEstimateOut},
    openapi_extra=IDEMPOTENT,
    summary="Create an estimate",
)
@idempotent
def create_estimate(request: HttpRequest, body: EstimateIn) -> HttpResponse:
    """Issue an estimate, or keep it as a draft; one that has this `external_id` is found again, as an invoice is."""
    viewer = viewer_of(request)
    customer = customer_named(viewer, body.customer)
    put = put_document(viewer.business, customer, _to_input(body), by=viewer.actor)
    return answer(linked_estimate_out(put.document, viewer), 201 if put.written else 200)


@router.get("", auth=READ, response={200: EstimateList}, summary="List estimates")
def list_estimates(request: HttpRequest, filters: Query[EstimateFilters]) -> HttpResponse:
    """Estimates by issue date, the newest first."""
    viewer = viewer_of(request)
    refuse_unknown(request, filters)
    rows = documents_of(viewer, Kind.ESTIMATE, filters)
    found, cursor = page(rows, filters, viewer=viewer, series="estimates", day="issued_on", sort=filters.sort)
    data = expand(viewer, found, estimates_out(found, viewer), filters.expand)
    body: EstimateList = {"object": "list", "data": data, "next_cursor": cursor}
    return answer(body)


@router.post(
    "/{path:estimate}/approve",
    auth=WRITE,
    response={200: LinkedEstimateOut},
    openapi_extra=IDEMPOTENT,
    summary="Approve an estimate",
)
@idempotent
def approve_estimate(request: HttpRequest, estimate: str, body: ApprovalIn) -> HttpResponse:
    """Note that a person approved an open estimate. Again changes nothing; after its last day it is refused."""
    viewer = viewer_of(request)
    found = queries.document(viewer, estimate, Kind.ESTIMATE)
    pdf = document_pdf(found, found.customer.language or found.business.language or "en")
    evidence = _evidence(request, found, body.name, body.note, pdf)
    return answer(linked_estimate_out(approve(found, evidence, by=viewer.actor), viewer))


@router.post(
    "/{path:estimate}/decline",
    auth=WRITE,
    response={200: LinkedEstimateOut},
    openapi_extra=IDEMPOTENT,
    summary="Decline an estimate",
)
@idempotent
def decline_estimate(request: HttpRequest, estimate: str, body: DeclineIn | None = None) -> HttpResponse:
    """Note that an open estimate was declined, and why. Again changes nothing."""
    viewer = viewer_of(request)
    found = queries.document(viewer, estimate, Kind.ESTIMATE)
    said = body or DeclineIn()
    evidence = _evidence(request, found, said.name, said.reason)
    return answer(linked_estimate_out(decline(found, evidence, by=viewer.actor), viewer))


@router.post(
    "/{path:estimate}/convert",
    auth=WRITE,
    response={201: LinkedInvoiceOut},
    openapi_extra=IDEMPOTENT,
    summary="Convert an estimate to an invoice",
)
@idempotent
def convert_estimate(request: HttpRequest, estimate: str, body: ConversionIn | None = None) -> HttpResponse:
    """Issue an invoice with the lines, totals and terms of an approved estimate, and apply its deposit.

    Converting again answers with the same invoice.
    """
    viewer = viewer_of(request)
    found = queries.document(viewer, estimate, Kind.ESTIMATE)
    invoice = convert(found, by=viewer.actor, due_on=body.due_on if body else None, source="api")
    return answer(linked_invoice_out(invoice, viewer), 201)


@router.post(
    "/{path:estimate}/void",
    auth=WRITE,
    response={200: LinkedEstimateOut},
    openapi_extra=IDEMPOTENT,
    summary="Void an estimate",
)
@idempotent
def void_estimate(request: HttpRequest, estimate: str, body: VoidIn | None = None) -> HttpResponse:
    """Withdraw an issued estimate. Again changes nothing."""
    viewer = viewer_of(request)
    found = queries.document(viewer, estimate, Kind.ESTIMATE)
    return answer(linked_estimate_out(void(found, by=viewer.actor, reason=(body and body.reason) or ""), viewer))


@router.post(
    "/{path:estimate}/issue",
    auth=WRITE,
    response={200: LinkedEstimateOut},
    openapi_extra=IDEMPOTENT,
    summary="Issue a draft of an estimate",
)
@idempotent
def issue_estimate(request: HttpRequest, estimate: str) -> HttpResponse:
    """Make a draft count: it gets its number and shows to the customer. Again changes nothing."""
    viewer = viewer_of(request)
    return answer(linked_estimate_out(issue_draft(viewer, estimate, Kind.ESTIMATE), viewer))


@router.put("/{path:estimate}", auth=WRITE, response={200: LinkedEstimateOut}, summary="Change an estimate")
def change_estimate(request: HttpRequest, estimate: str, body: EstimateIn) -> HttpResponse:
    """Write an estimate anew under its number. A customer who had decided on it is asked again.

    Its customer, currency, number and external id stay as they are.
    """
    viewer = viewer_of(request)
    found = queries.document(viewer, estimate, Kind.ESTIMATE)
    _refuse_moved(viewer, found, body)
    return answer(linked_estimate_out(edit_estimate(found, _to_input(body), by=viewer.actor), viewer))


@router.patch("/{path:estimate}", auth=WRITE, response={200: LinkedEstimateOut}, summary="Change parts of an estimate")
def patch_estimate(request: HttpRequest, estimate: str, body: EstimatePatch) -> HttpResponse:
    """Change what the body names. A customer who had decided on an estimate is asked again.

    Once it is issued, its customer, currency, number and external id stay as they are.
    """
    viewer = viewer_of(request)
    found = queries.document(viewer, estimate, Kind.ESTIMATE)
    if found.lifecycle == Lifecycle.DRAFT:
        changed = change_draft(viewer, estimate, Kind.ESTIMATE, body, lambda _: _to_input(body))
    else:
        _refuse_moved(viewer, found, body)
        changed = edit_estimate(found, patched(found, body, _to_input(body)), by=viewer.actor)
    return answer(linked_estimate_out(changed, viewer))


@router.delete("/{path:estimate}", auth=WRITE, response={204: None}, summary="Delete a draft of an estimate")
def delete_estimate(request: HttpRequest, estimate: str) -> HttpResponse:
    """Delete a draft. What is issued is never deleted."""
    remove_draft(viewer_of(request), estimate, Kind.ESTIMATE)
    return HttpResponse(status=204)


@router.get("/{path:estimate}", auth=READ, response={200: LinkedEstimateOut}, summary="Read an estimate")
def read_estimate(request: HttpRequest, estimate: str) -> HttpResponse:
    """One estimate, by its id, external id or number."""
    viewer = viewer_of(request)
    return answer(linked_estimate_out(queries.document(viewer, estimate, Kind.ESTIMATE), viewer))


def _to_input(body: EstimateIn | EstimatePatch) -> DocumentInput:
    return replace(document_input(Kind.ESTIMATE, body), expires_on=body.expires_on, deposit=body.deposit)


def _refuse_moved(viewer: ApiViewer, found: Document, body: EstimateIn | EstimatePatch) -> None:
    fields = []
    if body.customer and customer_named(viewer, body.customer) != found.customer:
        fields.append(FieldError("/customer", "The estimate is another customer's."))
    if body.number is not None and body.number != found.number:
        fields.append(FieldError("/number", "An estimate keeps its number."))
    if body.external_id is not None and body.external_id != found.external_id:
        fields.append(FieldError("/external_id", "An estimate keeps its external id."))
    if fields:
        raise Invalid(fields[0].message, fields=fields)


def _evidence(request: HttpRequest, found: Document, name: str | None, note: str | None, pdf: bytes = b"") -> Evidence:
    agent = request.headers.get("User-Agent", "")
    return Evidence(name=name or "", note=note or "", user_agent=agent, edition=found.edition, pdf=pdf)


def estimates_out(estimates: Sequence[Document], viewer: ApiViewer) -> list[EstimateOut]:
    """Return estimates as they read today; their customers and lines are fetched by the caller."""
    today = viewer.business.today()
    decisions, paid = queries.decisions_of(estimates), deposits_paid(estimates)
    invoices = queries.invoices_of(viewer, estimates)
    return [
        {
            **document_out(row),
            "object": "estimate",
            "status": row.status(today).value,
            "expires_on": row.expires_on,
            "deposit": _deposit_out(row, paid.get(row.pk, 0)) if row.deposit else None,
            "decision": _decision_out(decisions[row.pk]) if row.pk in decisions else None,
            "invoice": invoices[row.pk].public_id if row.pk in invoices else None,
        }
        for row in estimates
    ]


def _deposit_out(estimate: Document, paid: int) -> DepositOut:
    percent = estimate.deposit_percent
    return {
        "percent": None if percent is None else decimal_text(percent),
        "amount": estimate.deposit,
        "paid": paid,
    }


def _decision_out(decision: Decision) -> DecisionOut:
    return {
        "outcome": decision.outcome,
        "name": decision.name,
        "note": decision.note or None,
        "at": decision.at,
        "entered_by": decision.actor_kind,
        "contact": decision.contact or None,
        "ip": decision.ip,
        "user_agent": decision.user_agent or None,
        "pdf_sha256": decision.pdf_sha256 or None,
    }


def linked_estimate_out(estimate: Document, viewer: ApiViewer) -> LinkedEstimateOut:
    """Return an estimate as it reads today, with its links."""
    return {**estimates_out([estimate], viewer)[0], **links_of(estimate, viewer)}
