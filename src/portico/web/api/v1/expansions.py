"""What comes along with a document when a program asks for it by `expand`."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, NotRequired, TypedDict

from pydantic import Field

from portico.domain.access.viewer import ApiViewer
from portico.domain.documents.models import Document
from portico.domain.documents.queries import attachments_of
from portico.domain.files.models import File, Purpose
from portico.domain.ledger.queries import received
from portico.lib.ids import Ref
from portico.web.api.v1.customers import customer_out

# Lines are always there; who asks for them gets no less.
EXPANSIONS = ("customer", "lines", "payments", "attachments")


class ReceivedOut(TypedDict):
    """How much of a payment or another credit stands against an invoice, and since which day."""

    id: str
    kind: Annotated[str, Field(description="payment, credit_note, credit_adjustment, write_off …")]
    number: str
    amount: int
    date: date


class AttachmentOut(TypedDict):
    """A file of a document; `size` in bytes."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    description: str | None
    visible: bool
    purpose: Annotated[str, Field(json_schema_extra={"enum": list(Purpose.values)})]


class ExpandedOut(TypedDict):
    """What comes along on request."""

    payments: NotRequired[Annotated[list[ReceivedOut], Field(description="With `expand=payments`")]]
    attachments: NotRequired[Annotated[list[AttachmentOut], Field(description="With `expand=attachments`")]]


def expand[Out](viewer: ApiViewer, rows: Sequence[Document], bodies: list[Out], wanted: str) -> list[Out]:
    """Return bodies of documents with what a program wants to come along; a query for each."""
    found: list[Any] = list(bodies)
    words = wanted.split(",")
    keys = [row.pk for row in rows]
    if "customer" in words:
        for row, body in zip(rows, found, strict=True):
            body["customer"] = customer_out(row.customer, None, None)
    if "payments" in words:
        credits = received(keys)
        for row, body in zip(rows, found, strict=True):
            body["payments"] = [
                {
                    "id": Ref(one.kind, one.credit_id).public_id,
                    "kind": one.kind,
                    "number": one.number,
                    "amount": one.amount,
                    "date": one.day,
                }
                for one in credits.get(row.pk, ())
            ]
    if "attachments" in words:
        files = attachments_of(viewer, keys)
        for row, body in zip(rows, found, strict=True):
            body["attachments"] = [_attachment(file) for file in files.get(row.pk, ())]
    return found


def _attachment(file: File) -> AttachmentOut:
    return {
        "id": file.public_id,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "description": file.description or None,
        "visible": file.visible,
        "purpose": file.purpose,
    }
