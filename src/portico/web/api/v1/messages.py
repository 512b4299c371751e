"""The log of mail: what was mailed to whom, and what became of it."""

from datetime import datetime
from typing import Annotated, Literal, TypedDict

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import ApiViewer
from portico.domain.documents.models import Kind
from portico.domain.documents.queries import document as document_of
from portico.lib.ids import public_id
from portico.output.mail import queries
from portico.output.mail.actions.send import BAD_ADDRESS, NO_LONGER_DUE, NO_MAIL_SERVER, OUR_FAULT
from portico.output.mail.models import Message
from portico.output.mail.queries import SWITCHED_OFF, WAITS_FOR_TURN
from portico.output.mail.reasons import Cause, cause_of
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, viewer_of
from portico.web.api.v1.fields import OneOf, TextParameter
from portico.web.api.v1.pagination import Filters, page, refuse_unknown

router = Router(tags=["Messages"])

STATES = tuple(Message.State.values)
# What Portico itself decided, by how the log has it; besides these there is what a mail server's answer means.
_OWN_REASONS = {
    SWITCHED_OFF: "switched_off",
    NO_LONGER_DUE: "no_longer_due",
    WAITS_FOR_TURN: "waits_for_turn",
    NO_MAIL_SERVER: "no_mail_server",
    BAD_ADDRESS: "bad_address",
    OUR_FAULT: "internal_error",
}
REASONS = (*_OWN_REASONS.values(), *Cause)


class MessageFilters(Filters):
    """What narrows the log of mail."""

    customer: Annotated[TextParameter, Field(description="Id or external id")] = ""
    document: Annotated[TextParameter, Field(description="Id, external id or number")] = ""
    recipient: Annotated[TextParameter, Field(description="The address, whole")] = ""
    kind: Annotated[TextParameter, Field(description="What the mail is, such as invoice or receipt")] = ""
    state: Annotated[TextParameter, OneOf(STATES)] = ""


class MessageOut(TypedDict):
    """A mail of the log. What it said is not kept."""

    object: Literal["message"]
    id: str
    kind: Annotated[str, Field(description="What the mail is, such as invoice or receipt")]
    customer: str | None
    document: str | None
    recipient: str
    language: str
    subject: Annotated[str | None, Field(description="None until it has been written")]
    state: Annotated[str, Field(json_schema_extra={"enum": list(STATES)})]
    reason: Annotated[
        str | None,
        Field(
            description="Why it was not sent, or not yet, in a word; None where unknown",
            json_schema_extra={"examples": list(REASONS)},
        ),
    ]
    error: Annotated[str | None, Field(description="What the mail server, or Portico, said of that")]
    server: Annotated[str | None, Field(description="The mail server that it went to, or waits for")]
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    heard_at: Annotated[datetime | None, Field(description="When its delivery, or that it came back, was heard of")]


class MessageList(TypedDict):
    """One page of the log, newest first."""

    object: Literal["list"]
    data: list[MessageOut]
    next_cursor: str | None


@router.get("", auth=READ, response={200: MessageList}, summary="List mail")
def list_messages(request: HttpRequest, filters: Query[MessageFilters]) -> HttpResponse:
    """What was mailed on behalf of the business, the newest first, and what became of it."""
    viewer = viewer_of(request)
    refuse_unknown(request, filters)
    found, cursor = page(_narrowed(viewer, filters), filters, viewer=viewer, series="messages")
    body: MessageList = {"object": "list", "data": [message_out(row) for row in found], "next_cursor": cursor}
    return answer(body)


@router.get("/{str:message}", auth=READ, response={200: MessageOut}, summary="Read a mail's state")
def read_message(request: HttpRequest, message: str) -> HttpResponse:
    """One mail of the log, by its id."""
    return answer(message_out(queries.message(viewer_of(request), message)))


def _narrowed(viewer: ApiViewer, filters: MessageFilters) -> QuerySet[Message]:
    rows = queries.messages(viewer)
    if filters.customer:
        rows = rows.filter(customer=customer_of(viewer, filters.customer))
    if filters.document:
        rows = rows.filter(document=document_of(viewer, filters.document, *Kind))
    wanted = {"recipient__iexact": filters.recipient, "letter": filters.kind, "state": filters.state}
    return rows.filter(**{column: value for column, value in wanted.items() if value})


def message_out(row: Message) -> MessageOut:
    """Return a mail of the log as it reads; its document is fetched with it."""
    return {
        "object": "message",
        "id": row.public_id,
        "kind": row.letter,
        "customer": public_id("customer", row.customer_id) if row.customer_id else None,
        "document": row.document.public_id if row.document else None,
        "recipient": row.recipient,
        "language": row.language,
        "subject": row.subject or None,
        "state": row.state,
        "reason": _OWN_REASONS.get(row.error) or cause_of(row.error),
        "error": row.error or None,
        "server": row.server or None,
        "attempts": row.attempts,
        "created_at": row.created_at,
        "sent_at": row.sent_at,
        "heard_at": row.heard_at,
    }
