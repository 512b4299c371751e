"""Files of customers and documents: sent as multipart or as JSON, listed, read, shown or hidden, and removed."""

import base64
import binascii
from datetime import datetime
from io import BytesIO
from typing import IO, Annotated, Any, Literal, TypedDict

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.errors import ValidationError
from pydantic import ConfigDict, Field
from pydantic import ValidationError as Mistakes

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import ApiViewer
from portico.domain.conversations.queries import files_for_programs
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.own_pdf import set_own_pdf
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.queries import document as document_of
from portico.domain.files.actions.change import change_file
from portico.domain.files.actions.store import FileInput, remove_file, store_file
from portico.domain.files.models import File, Purpose
from portico.lib.errors import Conflict, FieldError, Invalid, NotFound
from portico.lib.ids import parse_public_id, public_id
from portico.web.api.v1.answer import BYTES, answer
from portico.web.api.v1.auth import READ, WRITE, viewer_of
from portico.web.api.v1.body import StrictParser
from portico.web.api.v1.documents import customer_named
from portico.web.api.v1.fields import Flag, Input, Name, Reference, Text, TextParameter
from portico.web.api.v1.idempotency import IDEMPOTENT, idempotent
from portico.web.api.v1.pagination import Filters, page, refuse_unknown
from portico.web.shared.download import file_response

router = Router(tags=["Files"])

_MULTIPART = "multipart/form-data"
type Description = Annotated[Text, Field(max_length=255)]


class FileFields(Input):
    """What is said of a file that is sent."""

    customer: Annotated[Reference | None, Field(description="Id or external id; for a file of the customer")] = None
    document: Annotated[Reference | None, Field(description="Id, external id or number; for one of a document")] = None
    visible: Annotated[Flag, Field(description="Let the customer see it")] = False
    description: Description = ""
    purpose: Annotated[
        Purpose, Field(description="`document_pdf`: it is the document itself, in place of the PDF that is drawn here")
    ] = Purpose.ATTACHMENT


class FileIn(FileFields):
    """A file sent as JSON."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"document": "INV-0001", "name": "hours.csv", "content": "YTtiCg==", "visible": True}]
        }
    )

    name: Name
    content: Annotated[str, Field(description="Its bytes in base64")]


class FileChange(Input):
    """What is to be changed of a file. Fields that are left out stay as they are."""

    visible: Flag | None = None
    description: Description | None = None


class FileFilters(Filters):
    """What narrows a list of files."""

    customer: Annotated[TextParameter, Field(description="Id or external id")] = ""
    document: Annotated[TextParameter, Field(description="Id, external id or number")] = ""


class FileOut(TypedDict):
    """A file; `size` in bytes. It hangs on the customer, on a document or on a comment."""

    object: Literal["file"]
    id: str
    customer: str
    document: str | None
    comment: str | None
    name: str
    media_type: str
    size: int
    sha256: str
    description: str | None
    visible: bool
    purpose: Annotated[str, Field(json_schema_extra={"enum": list(Purpose.values)})]
    created_at: datetime


class FileList(TypedDict):
    """One page of files, newest first."""

    object: Literal["list"]
    data: list[FileOut]
    next_cursor: str | None


def _two_bodies() -> dict[str, Any]:
    """Describe the body for OpenAPI: JSON with the content in base64, or a form with the file."""
    fields = FileFields.model_json_schema(ref_template="#/components/schemas/{model}")
    form = {**fields["properties"], "file": {"type": "string", "format": "binary"}}
    form["purpose"] = {"type": "string", "enum": list(Purpose.values), "default": Purpose.ATTACHMENT.value}
    sent = FileIn.model_json_schema()
    sent["properties"]["purpose"] = form["purpose"]
    sent.pop("$defs", None)
    content = {
        "application/json": {"schema": sent},
        _MULTIPART: {"schema": {"type": "object", "properties": form, "required": ["file"]}},
    }
    return IDEMPOTENT | {"requestBody": {"required": True, "content": content}}


@router.get("", auth=READ, response={200: FileList}, summary="List files")
def list_files(request: HttpRequest, filters: Query[FileFilters]) -> HttpResponse:
    """The files of customers, documents and comments, the newest first; those of internal notes are not among them."""
    viewer = viewer_of(request)
    refuse_unknown(request, filters)
    rows = files_for_programs(viewer)
    if filters.customer:
        rows = rows.filter(customer=customer_of(viewer, filters.customer))
    if filters.document:
        rows = rows.filter(subject_id=document_of(viewer, filters.document, *Kind).pk)
    found, cursor = page(rows, filters, viewer=viewer, series="files")
    body: FileList = {"object": "list", "data": [_out(row) for row in found], "next_cursor": cursor}
    return answer(body)


@router.post("", auth=WRITE, response={201: FileOut}, openapi_extra=_two_bodies(), summary="Upload a file")
@idempotent
def create_file(request: HttpRequest) -> HttpResponse:
    """Keep a file of a customer or of a document, as `multipart/form-data` or as JSON with its content in base64."""
    viewer = viewer_of(request)
    fields, name, content = _sent(request)
    customer, document = _owner(viewer, fields)
    if fields.purpose == Purpose.DOCUMENT_PDF:
        kept = set_own_pdf(_needed(document), name, content, description=fields.description, by=viewer.actor)
    else:
        data = FileInput(visible=fields.visible, description=fields.description)
        kept = store_file(customer, (document or customer).ref, name, content, data, by=viewer.actor)
    return answer(_out(kept), 201)


@router.get("/{str:file}", auth=READ, response={200: FileOut}, summary="Read a file's facts")
def read_file(request: HttpRequest, file: str) -> HttpResponse:
    """What is known of a file, by its id."""
    return answer(_out(_file(viewer_of(request), file)))


@router.get(
    "/{str:file}/content",
    auth=READ,
    response={200: None},
    summary="Download a file",
    openapi_extra=BYTES,
)
def download_file(request: HttpRequest, file: str) -> FileResponse:
    """The bytes of a file as they came, as its own media type."""
    return file_response(request, _file(viewer_of(request), file))


@router.patch("/{str:file}", auth=WRITE, response={200: FileOut}, summary="Change a file")
def update_file(request: HttpRequest, file: str, body: FileChange) -> HttpResponse:
    """Let the customer see a file or not, or say something else of it; its content stays."""
    viewer = viewer_of(request)
    found = _own(viewer, file)
    changed = change_file(found, visible=body.visible, description=body.description, by=viewer.actor)
    return answer(_out(changed))


@router.delete("/{str:file}", auth=WRITE, response={204: None}, summary="Remove a file")
def delete_file(request: HttpRequest, file: str) -> HttpResponse:
    """Remove a file of a customer or a document; that of a comment goes with the comment."""
    viewer = viewer_of(request)
    remove_file(_own(viewer, file), by=viewer.actor)
    return HttpResponse(status=204)


def _sent(request: HttpRequest) -> tuple[FileFields, str, IO[bytes]]:
    """Return what is said of a file, its name and its content. Raises Invalid, or ninja's ValidationError."""
    if request.content_type != _MULTIPART:
        body = _checked(FileIn, StrictParser().parse_body(request))
        try:
            return body, body.name, BytesIO(base64.b64decode(body.content, validate=True))
        except (binascii.Error, ValueError) as error:
            message = "Give the file's bytes in base64."
            raise Invalid(message, fields=[FieldError("/content", message)]) from error
    said: dict[str, Any] = dict(request.POST.items())
    if said.get("visible") in {"true", "false"}:
        said["visible"] = said["visible"] == "true"
    uploads = request.FILES.getlist("file")
    if len(uploads) != 1 or len(request.FILES) != 1:
        message = "Send one file, as `file`."
        raise Invalid(message, fields=[FieldError("/file", message)])
    return _checked(FileFields, said), uploads[0].name or "", uploads[0]


def _checked[Fields: FileFields](model: type[Fields], said: object) -> Fields:
    try:
        return model.model_validate(said)
    except Mistakes as mistakes:
        raise ValidationError(
            [{**mistake, "loc": ("body", "file", *mistake["loc"])} for mistake in mistakes.errors(include_url=False)]
        ) from mistakes


def _owner(viewer: ApiViewer, fields: FileFields) -> tuple[Customer, Document | None]:
    if fields.document is None:
        if fields.customer is None:
            message = "Give the customer or the document that the file belongs to."
            raise Invalid(message, fields=[FieldError("/document", message)])
        return customer_named(viewer, fields.customer), None
    try:
        document = document_of(viewer, fields.document, *Kind)
    except NotFound as error:
        error.fields = (FieldError("/document", error.message),)
        raise
    if fields.customer is not None and customer_named(viewer, fields.customer) != document.customer:
        message = "The document is another customer's."
        raise Invalid(message, fields=[FieldError("/customer", message)])
    return document.customer, document


def _needed(document: Document | None) -> Document:
    if document is None:
        message = "Give the document that this PDF is."
        raise Invalid(message, fields=[FieldError("/document", message)])
    return document


def _file(viewer: ApiViewer, name: str) -> File:
    key = parse_public_id(name, "file")
    found = files_for_programs(viewer).filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(f"There is no file {name}.")
    return found


def _own(viewer: ApiViewer, name: str) -> File:
    found = _file(viewer, name)
    if found.subject_kind == "comment":
        raise Conflict("The file of a comment goes with the comment.", code="file_of_comment")
    return found


def _out(row: File) -> FileOut:
    subject = public_id(row.subject_kind, row.subject_id)
    return {
        "object": "file",
        "id": row.public_id,
        "customer": public_id("customer", row.customer_id),
        "document": subject if row.subject_kind in Kind else None,
        "comment": subject if row.subject_kind == "comment" else None,
        "name": row.name,
        "media_type": row.media_type,
        "size": row.size,
        "sha256": row.sha256,
        "description": row.description or None,
        "visible": row.visible,
        "purpose": row.purpose,
        "created_at": row.created_at,
    }
