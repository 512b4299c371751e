"""The business's own PDF of a document, made elsewhere: customers get it in place of the one that is drawn here."""

from typing import IO

from django.db import transaction

from portico.domain.activity.actor import Actor
from portico.domain.documents.actions.lock import lock_document
from portico.domain.documents.models import Document
from portico.domain.documents.queries import own_pdf
from portico.domain.files.actions.change import demote_document_pdf
from portico.domain.files.actions.store import Admitted, FileInput, admitted, store_admitted
from portico.domain.files.content import PDF
from portico.domain.files.errors import FileRefused
from portico.domain.files.models import File, Purpose


def set_own_pdf(document: Document, name: str, content: bytes | IO[bytes], *, by: Actor, description: str = "") -> File:
    """Let a PDF be the document itself. The one before it stays as a private file. Raises FileRefused."""
    one = admitted(name, content)
    if one.media_type != PDF:
        raise FileRefused("Only a PDF can be the document itself.", code="file_no_pdf")
    return _set(document, one, description, by)


@transaction.atomic
def _set(document: Document, one: Admitted, description: str, by: Actor) -> File:
    _account, document = lock_document(document)
    before = own_pdf(document)
    if before is not None:
        demote_document_pdf(before, by=by)
    data = FileInput(visible=True, description=description, purpose=Purpose.DOCUMENT_PDF)
    return store_admitted(document.customer, document.ref, one, data, by=by)
