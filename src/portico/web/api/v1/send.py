"""Mailing documents, statements and receipts. The answer is the log's rows, which wait for the worker."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import ConfigDict, Field

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import ApiViewer
from portico.domain.documents.mailing import MOST_RECIPIENTS, MailInput
from portico.domain.documents.models import Kind
from portico.domain.documents.queries import document as document_of
from portico.domain.payments.queries import payment as payment_of
from portico.output.mail.actions.mail_document import mail_document
from portico.output.mail.actions.mail_more import mail_receipt, mail_statement
from portico.output.mail.models import Message
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import WRITE, viewer_of
from portico.web.api.v1.fields import Day, Flag, Input, Line, Text
from portico.web.api.v1.idempotency import IDEMPOTENT, idempotent
from portico.web.api.v1.messages import MessageOut, message_out

invoices_router = Router(tags=["Invoices"])
estimates_router = Router(tags=["Estimates"])
credit_notes_router = Router(tags=["Credit notes"])
sales_orders_router = Router(tags=["Sales orders"])
customers_router = Router(tags=["Statements"])
payments_router = Router(tags=["Payments"])

_Address = Annotated[Line, Field(max_length=254)]
_Addresses = Annotated[list[_Address], Field(max_length=MOST_RECIPIENTS)]


class SendIn(Input):
    """How something is mailed. Everything may be left out."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"to": ["ap@acme.example"], "attach_pdf": True}]})

    to: Annotated[_Addresses, Field(description="The customer's main address when left out")] = []
    copies: Annotated[_Addresses, Field(description="Who else gets the same mail")] = []
    subject: Annotated[Line, Field(max_length=200, description="Instead of the business's own words")] = ""
    text: Annotated[Text, Field(max_length=5000, description="Instead of the business's own words; plain text")] = ""
    attach_pdf: Annotated[Flag | None, Field(description="As the business has set it when left out")] = None


class DocumentSendIn(SendIn):
    """How a document is mailed. Everything may be left out."""

    files: Annotated[
        list[Annotated[Line, Field(max_length=100)]],
        Field(max_length=20, description="Ids of the document's visible files that go along, 10 MB together at most"),
    ] = []


class StatementSendIn(SendIn):
    """How a statement is mailed: what is open on the day `end`, or with `start` the period up to it."""

    start: Day | None = None
    end: Annotated[Day | None, Field(description="Today when left out")] = None


class SentOut(TypedDict):
    """The mails that wait for the worker, one for each recipient; `GET /messages` says what becomes of them."""

    object: Literal["list"]
    data: list[MessageOut]


_ANSWERS: dict[Any, Any] = {202: SentOut}


@invoices_router.post(
    "/{path:invoice}/send", auth=WRITE, response=_ANSWERS, openapi_extra=IDEMPOTENT, summary="Mail an invoice"
)
@idempotent
def send_invoice(request: HttpRequest, invoice: str, body: DocumentSendIn | None = None) -> HttpResponse:
    """Mail an invoice with the link that opens it. The customer sees it in the portal anyhow."""
    return _send_document(viewer_of(request), invoice, Kind.INVOICE, body)


@estimates_router.post(
    "/{path:estimate}/send", auth=WRITE, response=_ANSWERS, openapi_extra=IDEMPOTENT, summary="Mail an estimate"
)
@idempotent
def send_estimate(request: HttpRequest, estimate: str, body: DocumentSendIn | None = None) -> HttpResponse:
    """Mail an estimate with the link that opens it."""
    return _send_document(viewer_of(request), estimate, Kind.ESTIMATE, body)


@credit_notes_router.post(
    "/{path:credit_note}/send", auth=WRITE, response=_ANSWERS, openapi_extra=IDEMPOTENT, summary="Mail a credit note"
)
@idempotent
def send_credit_note(request: HttpRequest, credit_note: str, body: DocumentSendIn | None = None) -> HttpResponse:
    """Mail a credit note with the link that opens it."""
    return _send_document(viewer_of(request), credit_note, Kind.CREDIT_NOTE, body)


@sales_orders_router.post(
    "/{path:sales_order}/send", auth=WRITE, response=_ANSWERS, openapi_extra=IDEMPOTENT, summary="Mail a sales order"
)
@idempotent
def send_sales_order(request: HttpRequest, sales_order: str, body: DocumentSendIn | None = None) -> HttpResponse:
    """Mail a sales order with the link that opens it."""
    return _send_document(viewer_of(request), sales_order, Kind.SALES_ORDER, body)


@customers_router.post(
    "/{path:customer}/statement/send",
    auth=WRITE,
    response=_ANSWERS,
    openapi_extra=IDEMPOTENT,
    summary="Mail a statement",
)
@idempotent
def send_statement(request: HttpRequest, customer: str, body: StatementSendIn | None = None) -> HttpResponse:
    """Mail a statement of account with the link that opens it."""
    viewer, asked = viewer_of(request), body or StatementSendIn()
    end: date = asked.end or viewer.business.today()
    owner = customer_of(viewer, customer)
    return _waiting(mail_statement(owner, _mail(asked), end=end, start=asked.start, by=viewer.actor))


@payments_router.post(
    "/{path:payment}/send", auth=WRITE, response=_ANSWERS, openapi_extra=IDEMPOTENT, summary="Mail a receipt"
)
@idempotent
def send_receipt(request: HttpRequest, payment: str, body: SendIn | None = None) -> HttpResponse:
    """Mail a payment's receipt with the link that opens it."""
    viewer = viewer_of(request)
    return _waiting(mail_receipt(payment_of(viewer, payment), _mail(body or SendIn()), by=viewer.actor))


def _send_document(viewer: ApiViewer, name: str, kind: Kind, body: DocumentSendIn | None) -> HttpResponse:
    asked = body or DocumentSendIn()
    mail = replace(_mail(asked), files=asked.files)
    return _waiting(mail_document(document_of(viewer, name, kind), mail, by=viewer.actor))


def _mail(body: SendIn) -> MailInput:
    return MailInput(body.to, body.copies, body.subject, body.text, body.attach_pdf)


def _waiting(rows: Sequence[Message]) -> HttpResponse:
    content: SentOut = {"object": "list", "data": [message_out(row) for row in rows]}
    return answer(content, 202)
