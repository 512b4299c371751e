"""What customers and a business write to each other. Internal notes are no business of programs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, TypedDict

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import ConfigDict, Field

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import ApiViewer
from portico.domain.conversations import queries
from portico.domain.conversations.actions.change_comment import edit_comment, remove_comment
from portico.domain.conversations.actions.comment import CommentInput, add_comment
from portico.domain.conversations.actions.handle import resolve_document
from portico.domain.conversations.authors import Author, author_of, staff_author
from portico.domain.conversations.errors import MessagesOff
from portico.domain.conversations.models import AuthorKind, Comment
from portico.domain.conversations.text import LONGEST
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.queries import document as document_of
from portico.domain.files.models import File
from portico.lib.errors import FieldError, Invalid, NotFound
from portico.lib.ids import public_id
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, WRITE, viewer_of
from portico.web.api.v1.credit_notes import LinkedCreditNoteOut, linked_credit_note_out
from portico.web.api.v1.documents import customer_named
from portico.web.api.v1.estimates import LinkedEstimateOut, linked_estimate_out
from portico.web.api.v1.fields import Flag, Input, Reference, Said, TextParameter
from portico.web.api.v1.idempotency import IDEMPOTENT, idempotent
from portico.web.api.v1.invoices import LinkedInvoiceOut, linked_invoice_out
from portico.web.api.v1.pagination import Filters, page, refuse_unknown

router = Router(tags=["Comments"])
invoices_router = Router(tags=["Invoices"])
estimates_router = Router(tags=["Estimates"])
credit_notes_router = Router(tags=["Credit notes"])

type Body = Annotated[Said, Field(max_length=LONGEST, description="Plain text")]


class CommentIn(Input):
    """A comment of the business: about a document, or to a customer in general."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"document": "INV-0001", "body": "The discount is in line 2.", "author": "lena@example.com"}]
        }
    )

    body: Body
    document: Annotated[Reference | None, Field(description="Id, external id or number")] = None
    customer: Annotated[Reference | None, Field(description="Id or external id; for a general message")] = None
    author: Annotated[
        Reference | None, Field(description="Id or e-mail of the member of staff it is from; the key's name without")
    ] = None
    resolve: Annotated[Flag, Field(description="Mark the conversation as resolved with it")] = False


class CommentEdit(Input):
    """Other words in place of a comment's."""

    body: Body


class CommentFilters(Filters):
    """What narrows a list of comments."""

    document: Annotated[TextParameter, Field(description="Id, external id or number")] = ""
    customer: Annotated[TextParameter, Field(description="Id or external id")] = ""


class CommentAuthorOut(TypedDict):
    """Who wrote a comment."""

    type: Annotated[str, Field(json_schema_extra={"enum": list(AuthorKind.values)})]
    name: str


class CommentFileOut(TypedDict):
    """A file of a comment; `size` in bytes."""

    id: str
    name: str
    media_type: str
    size: int


class CommentOut(TypedDict):
    """A comment. One that was removed has an empty `body` and a time in `removed_at`."""

    object: Literal["comment"]
    id: str
    conversation: str
    customer: str
    document: str | None
    author: CommentAuthorOut
    body: str
    files: list[CommentFileOut]
    created_at: datetime
    edited_at: datetime | None
    removed_at: datetime | None


class CommentList(TypedDict):
    """One page of comments, newest first."""

    object: Literal["list"]
    data: list[CommentOut]
    next_cursor: str | None


@router.get("", auth=READ, response={200: CommentList}, summary="List comments")
def list_comments(request: HttpRequest, filters: Query[CommentFilters]) -> HttpResponse:
    """What was written on both sides, the newest first; internal notes of staff are not among it."""
    viewer = _viewer(request)
    refuse_unknown(request, filters)
    found, cursor = page(_narrowed(viewer, filters), filters, viewer=viewer, series="comments")
    body: CommentList = {"object": "list", "data": _all_out(found), "next_cursor": cursor}
    return answer(body)


@router.post("", auth=WRITE, response={201: CommentOut}, openapi_extra=IDEMPOTENT, summary="Write a comment")
@idempotent
def create_comment(request: HttpRequest, body: CommentIn) -> HttpResponse:
    """Write to a customer, who is told by mail. The conversation then waits for the customer, or is resolved."""
    viewer = _viewer(request)
    customer, document = _about(viewer, body)
    data = CommentInput(body.body, resolve=body.resolve)
    said = add_comment(customer, document, data, _author(viewer, body.author), by=viewer.actor)
    return answer(_out(queries.comment(viewer, said.public_id)), 201)


@router.get("/{str:comment}", auth=READ, response={200: CommentOut}, summary="Read a comment")
def read_comment(request: HttpRequest, comment: str) -> HttpResponse:
    """One comment, by its id."""
    return answer(_out(queries.comment(_viewer(request), comment)))


@router.patch("/{str:comment}", auth=WRITE, response={200: CommentOut}, summary="Edit a comment")
def update_comment(request: HttpRequest, comment: str, body: CommentEdit) -> HttpResponse:
    """Put other words in place of a comment of the business. Both sides see that it was edited."""
    viewer = _viewer(request)
    edit_comment(queries.comment(viewer, comment), body.body, author_id=author_of(viewer).id, by=viewer.actor)
    return answer(_out(queries.comment(viewer, comment)))


@router.delete("/{str:comment}", auth=WRITE, response={200: CommentOut}, summary="Remove a comment")
def delete_comment(request: HttpRequest, comment: str) -> HttpResponse:
    """Remove what a comment of the business says, with its files. Both sides see that there was one."""
    viewer = _viewer(request)
    remove_comment(queries.comment(viewer, comment), author_id=author_of(viewer).id, by=viewer.actor)
    return answer(_out(queries.comment(viewer, comment)))


@invoices_router.post(
    "/{path:invoice}/resolve",
    auth=WRITE,
    response={200: LinkedInvoiceOut},
    summary="Mark an invoice as resolved",
    openapi_extra=IDEMPOTENT,
)
@idempotent
def resolve_invoice(request: HttpRequest, invoice: str) -> HttpResponse:
    """Note that an invoice needs no attention any more. A new question of the customer's opens it again."""
    viewer = _viewer(request)
    return answer(linked_invoice_out(_resolved(viewer, invoice, Kind.INVOICE), viewer))


@estimates_router.post(
    "/{path:estimate}/resolve",
    auth=WRITE,
    response={200: LinkedEstimateOut},
    summary="Mark an estimate as resolved",
    openapi_extra=IDEMPOTENT,
)
@idempotent
def resolve_estimate(request: HttpRequest, estimate: str) -> HttpResponse:
    """Note that an estimate needs no attention any more. A new question of the customer's opens it again."""
    viewer = _viewer(request)
    return answer(linked_estimate_out(_resolved(viewer, estimate, Kind.ESTIMATE), viewer))


@credit_notes_router.post(
    "/{path:credit_note}/resolve",
    auth=WRITE,
    response={200: LinkedCreditNoteOut},
    summary="Mark a credit note as resolved",
    openapi_extra=IDEMPOTENT,
)
@idempotent
def resolve_credit_note(request: HttpRequest, credit_note: str) -> HttpResponse:
    """Note that a credit note needs no attention any more. A new question of the customer's opens it again."""
    viewer = _viewer(request)
    return answer(linked_credit_note_out(_resolved(viewer, credit_note, Kind.CREDIT_NOTE), viewer))


def _viewer(request: HttpRequest) -> ApiViewer:
    viewer = viewer_of(request)
    if not viewer.business.allow_messages:
        raise MessagesOff("This business takes no messages.")
    return viewer


def _resolved(viewer: ApiViewer, name: str, kind: Kind) -> Document:
    resolve_document(document_of(viewer, name, kind), by=viewer.actor)
    return document_of(viewer, name, kind)


def _narrowed(viewer: ApiViewer, filters: CommentFilters) -> QuerySet[Comment]:
    rows = queries.comments(viewer).select_related("conversation__document")
    if filters.document:
        rows = rows.filter(conversation__document=document_of(viewer, filters.document, *Kind))
    if filters.customer:
        rows = rows.filter(customer=customer_of(viewer, filters.customer))
    return rows


def _about(viewer: ApiViewer, body: CommentIn) -> tuple[Customer, Document | None]:
    """Return whom a comment is to, and what it is about. Raises Invalid, or NotFound that points at the field."""
    if body.document is None and body.customer is None:
        message = "Give the document that the comment is about, or a customer."
        raise Invalid(message, fields=[FieldError("/document", message)])
    if body.document is None:
        return customer_named(viewer, body.customer or ""), None
    try:
        document = document_of(viewer, body.document, *Kind)
    except NotFound as error:
        error.fields = (FieldError("/document", error.message),)
        raise
    if body.customer is not None and customer_named(viewer, body.customer) != document.customer:
        message = "The document is another customer's."
        raise Invalid(message, fields=[FieldError("/customer", message)])
    return document.customer, document


def _author(viewer: ApiViewer, name: str | None) -> Author:
    if not name:
        return author_of(viewer)
    try:
        return staff_author(queries.staff_member(viewer, name))
    except NotFound as error:
        error.fields = (FieldError("/author", error.message),)
        raise


def _out(said: Comment) -> CommentOut:
    return _all_out([said])[0]


def _all_out(said: Sequence[Comment]) -> list[CommentOut]:
    files = queries.files_of(said)
    return [_one_out(row, files.get(row.pk, [])) for row in said]


def _one_out(row: Comment, files: Sequence[File]) -> CommentOut:
    document = row.conversation.document
    return {
        "object": "comment",
        "id": row.public_id,
        "conversation": row.conversation.public_id,
        "customer": public_id("customer", row.customer_id),
        "document": document.public_id if document else None,
        "author": {"type": row.author_kind, "name": row.author_name},
        "body": row.body,
        "files": [
            {"id": file.public_id, "name": file.name, "media_type": file.media_type, "size": file.size}
            for file in files
        ],
        "created_at": row.created_at,
        "edited_at": row.edited_at,
        "removed_at": row.removed_at,
    }
