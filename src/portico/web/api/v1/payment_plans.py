from datetime import date, datetime
from typing import Annotated, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import ConfigDict, Field

from portico.domain.documents.actions.plan import (
    MOST_INSTALMENTS,
    InstalmentInput,
    PlanInput,
    cancel_plan,
    make_plan,
)
from portico.domain.documents.models import Document, Kind, PaymentPlan, PlanApproval
from portico.domain.documents.plan_queries import plan_of
from portico.domain.documents.queries import document
from portico.lib.errors import NotFound, PorticoError
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, WRITE, viewer_of
from portico.web.api.v1.errors import Problem
from portico.web.api.v1.fields import Amount, Day, Input
from portico.web.api.v1.idempotency import IDEMPOTENT, idempotent

router = Router(tags=["Invoices"])


class InstalmentIn(Input):
    """A part of the invoice, in minor units, and the day it is due."""

    due_on: Day
    amount: Annotated[Amount, Field(gt=0)]


class PaymentPlanIn(Input):
    """The instalments in the order of their days. Together they come to what is open of the invoice."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "instalments": [
                        {"due_on": "2026-12-15", "amount": 21761},
                        {"due_on": "2027-01-15", "amount": 21761},
                    ],
                    "needs_approval": True,
                    "autopay": False,
                }
            ]
        }
    )

    instalments: Annotated[list[InstalmentIn], Field(min_length=1, max_length=MOST_INSTALMENTS)]
    needs_approval: Annotated[
        bool | None,
        Field(description="Whether it counts only once the customer has approved it; as the business says if left out"),
    ] = None
    autopay: Annotated[
        bool, Field(description="Whether each instalment is collected by the default method on its day")
    ] = False


class InstalmentOut(TypedDict):
    """An instalment; `left` of it is still to be paid. Instalments are covered in their order."""

    due_on: date
    amount: int
    left: int
    status: str


class ApprovalOut(TypedDict):
    """Who approved the plan, when and from where."""

    name: str
    at: datetime
    entered_by: str
    contact: str | None
    ip: str | None
    user_agent: str | None


class PaymentPlanOut(TypedDict):
    """A payment plan as it stands today."""

    object: Literal["payment_plan"]
    id: str
    invoice: str
    number: str
    currency: str
    status: str
    needs_approval: bool
    autopay: bool
    instalments: list[InstalmentOut]
    approval: ApprovalOut | None
    created_at: datetime


@router.get("/{path:invoice}/payment_plan", auth=READ, response={200: PaymentPlanOut}, summary="Read a payment plan")
def read_plan(request: HttpRequest, invoice: str) -> HttpResponse:
    """The plan that an invoice is paid by; 404 when there is none, such as after it was canceled."""
    return answer(_out(_plan(document(viewer_of(request), invoice, Kind.INVOICE))))


@router.put(
    "/{path:invoice}/payment_plan",
    auth=WRITE,
    response={200: PaymentPlanOut},
    summary="Make a payment plan",
)
def put_plan(request: HttpRequest, invoice: str, body: PaymentPlanIn) -> HttpResponse:
    """Let an invoice be paid in instalments. It takes the place of an earlier plan; the same again changes nothing."""
    viewer = viewer_of(request)
    found = document(viewer, invoice, Kind.INVOICE)
    rows = [InstalmentInput(row.due_on, row.amount) for row in body.instalments]
    approval = viewer.business.plans_need_approval if body.needs_approval is None else body.needs_approval
    return answer(_out(make_plan(found, PlanInput(rows, approval, body.autopay), by=viewer.actor)))


@router.delete("/{path:invoice}/payment_plan", auth=WRITE, response={204: None}, summary="Cancel a payment plan")
def delete_plan(request: HttpRequest, invoice: str) -> HttpResponse:
    """Let an invoice be due as it was before its plan. Again changes nothing."""
    viewer = viewer_of(request)
    cancel_plan(document(viewer, invoice, Kind.INVOICE), by=viewer.actor)
    return HttpResponse(status=204)


@router.post(
    "/{path:invoice}/payment_plan/approve",
    auth=WRITE,
    response={403: Problem},
    openapi_extra=IDEMPOTENT,
    summary="Approve a payment plan: refused",
)
@idempotent
def approve(request: HttpRequest, invoice: str) -> HttpResponse:
    """Only the customer approves a plan, in the portal. A plan that was agreed elsewhere needs no approval."""
    _plan(document(viewer_of(request), invoice, Kind.INVOICE))
    raise PorticoError(
        "Only the customer approves a payment plan, in the portal. "
        "Make one with needs_approval false for what was agreed elsewhere.",
        code="customer_only",
        status=403,
    )


def _plan(invoice: Document) -> PaymentPlan:
    plan = plan_of(invoice)
    if plan is None:
        raise NotFound(f"{invoice.number} has no payment plan.")
    return plan


def _out(plan: PaymentPlan) -> PaymentPlanOut:
    today, invoice = plan.business.today(), plan.document
    return {
        "object": "payment_plan",
        "id": plan.public_id,
        "invoice": invoice.public_id,
        "number": invoice.number,
        "currency": invoice.currency,
        "status": plan.state.value,
        "needs_approval": plan.needs_approval,
        "autopay": plan.collects,
        "instalments": [
            {"due_on": part.due_on, "amount": part.amount, "left": part.left, "status": part.state(today).value}
            for part in plan.parts
        ],
        "approval": _approval_out(plan.given_approval) if plan.given_approval else None,
        "created_at": plan.created_at,
    }


def _approval_out(approval: PlanApproval) -> ApprovalOut:
    return {
        "name": approval.name,
        "at": approval.at,
        "entered_by": approval.actor_kind,
        "contact": approval.contact or None,
        "ip": approval.ip,
        "user_agent": approval.user_agent or None,
    }
