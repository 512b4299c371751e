from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.files.actions.store import facts_of
from portico.domain.files.errors import FileRefused
from portico.domain.files.models import File, Purpose


def demote_document_pdf(file: File, *, by: Actor) -> None:
    """Let a PDF no longer be the document itself, in the caller's transaction; it stays as a private file."""
    file.purpose, file.visible = Purpose.ATTACHMENT, False
    file.save(update_fields=["purpose", "visible"])
    record(Event.FILE_CHANGED, file, by=by, data=facts_of(file))


@transaction.atomic
def change_file(file: File, *, by: Actor, visible: bool | None = None, description: str | None = None) -> File:
    """Let the customer see a file or not, and say something else of it; what stays the same is not recorded.

    Raises FileRefused for hiding the PDF that is the document itself.
    """
    row = File.objects.select_for_update().get(pk=file.pk)
    if visible is False and row.purpose == Purpose.DOCUMENT_PDF:
        raise FileRefused("The document's own PDF shows with the document. Remove it instead.", code="file_is_document")
    before = row.visible, row.description
    row.visible = row.visible if visible is None else visible
    row.description = row.description if description is None else description.strip()[:255]
    if (row.visible, row.description) != before:
        row.save(update_fields=["visible", "description"])
        record(Event.FILE_CHANGED, row, by=by, data=facts_of(row))
    return row
