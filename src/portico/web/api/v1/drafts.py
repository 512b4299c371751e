"""The life of a draft: changed, issued, deleted; the same for every kind of document."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from portico.domain.access.viewer import ApiViewer
from portico.domain.documents import queries
from portico.domain.documents.actions.edit_draft import delete_draft, edit_draft, refuse_issued
from portico.domain.documents.actions.issue import issue
from portico.domain.documents.document_input import DocumentInput
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.written import input_of
from portico.web.api.v1.document_in import DocumentPatch, refuse_emptied
from portico.web.api.v1.documents import customer_named

# Fields of a body that the domain keeps under other names, or together with others.
_KEPT_AS = {"customer": (), "preceding_invoice": ("references",), "notes": ("notes", "note_list")}


def patched(document: Document, body: DocumentPatch, said: DocumentInput) -> DocumentInput:
    """Return a document as it was written, with what a body names as it is `said` there."""
    refuse_emptied(body)
    names = {kept for name in body.model_fields_set for kept in _KEPT_AS.get(name, (name,))}
    changes: dict[str, Any] = {name: getattr(said, name) for name in names}
    return replace(input_of(document, queries.lines(document)), **changes)


def change_draft(
    viewer: ApiViewer, name: str, kind: Kind, body: DocumentPatch, to_input: Callable[[Document], DocumentInput]
) -> Document:
    """Change the draft with this name by a body; `to_input` says what the domain needs of it."""
    found = queries.document(viewer, name, kind)
    refuse_issued(found)
    customer = customer_named(viewer, body.customer) if body.customer else found.customer
    return edit_draft(found, customer, patched(found, body, to_input(found)), by=viewer.actor)


def issue_draft(viewer: ApiViewer, name: str, kind: Kind) -> Document:
    """Issue the draft with this name; again changes nothing."""
    return issue(queries.document(viewer, name, kind), by=viewer.actor)


def remove_draft(viewer: ApiViewer, name: str, kind: Kind) -> None:
    """Delete the draft with this name."""
    delete_draft(queries.document(viewer, name, kind), by=viewer.actor)
