"""Files as they came: what documents were imported from, and attachments that are kept aside. Read only."""

from datetime import datetime
from typing import Annotated, Literal, TypedDict

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from portico.domain.documents.models import Kind
from portico.domain.documents.queries import document as document_of
from portico.domain.documents.queries import original as original_of
from portico.domain.documents.queries import originals
from portico.domain.files.models import Original
from portico.lib.ids import public_id
from portico.web.api.v1.answer import BYTES, answer
from portico.web.api.v1.auth import READ, viewer_of
from portico.web.api.v1.fields import TextParameter
from portico.web.api.v1.pagination import Filters, page, refuse_unknown
from portico.web.shared.download import original_response

router = Router(tags=["Files"])


class OriginalFilters(Filters):
    """What narrows a list of originals."""

    document: Annotated[TextParameter, Field(description="Id, external id or number")] = ""


class OriginalOut(TypedDict):
    """A file as it came; `size` in bytes. `refused` says why an attachment is no file of the document's."""

    object: Literal["original"]
    id: str
    document: str
    name: str
    media_type: str
    size: int
    sha256: str
    refused: str | None
    created_at: datetime


class OriginalList(TypedDict):
    """One page of originals, newest first."""

    object: Literal["list"]
    data: list[OriginalOut]
    next_cursor: str | None


@router.get("", auth=READ, response={200: OriginalList}, summary="List originals")
def list_originals(request: HttpRequest, filters: Query[OriginalFilters]) -> HttpResponse:
    """The files that documents were imported from, and attachments that were kept aside, the newest first."""
    viewer = viewer_of(request)
    refuse_unknown(request, filters)
    rows = originals(viewer)
    if filters.document:
        rows = rows.filter(subject_id=document_of(viewer, filters.document, *Kind).pk)
    found, cursor = page(rows, filters, viewer=viewer, series="originals")
    body: OriginalList = {"object": "list", "data": [_out(row) for row in found], "next_cursor": cursor}
    return answer(body)


@router.get("/{str:original}", auth=READ, response={200: OriginalOut}, summary="Read an original's facts")
def read_original(request: HttpRequest, original: str) -> HttpResponse:
    """What is known of a file as it came, by its id."""
    return answer(_out(original_of(viewer_of(request), original)))


@router.get(
    "/{str:original}/content",
    auth=READ,
    response={200: None},
    summary="Download an original",
    openapi_extra=BYTES,
)
def download_original(request: HttpRequest, original: str) -> FileResponse:
    """The bytes of a file as they came, whatever they are."""
    return original_response(original_of(viewer_of(request), original))


def _out(row: Original) -> OriginalOut:
    return {
        "object": "original",
        "id": row.public_id,
        "document": public_id(row.subject_kind, row.subject_id),
        "name": row.name,
        "media_type": row.media_type,
        "size": row.size,
        "sha256": row.sha256,
        "refused": row.refused or None,
        "created_at": row.created_at,
    }
