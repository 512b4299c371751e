"""The files of a customer or of a document, as rows of its page, and the form that adds more."""

from dataclasses import dataclass

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy

from portico.domain.access.viewer import StaffViewer
from portico.domain.documents.queries import files as files_of
from portico.domain.files.actions.store import MAX_BYTES
from portico.domain.files.models import File, Purpose
from portico.lib.ids import Ref
from portico.lib.l10n import Formatter
from portico.web.shared.files import FileRow, file_rows
from portico.web.shared.uploads import FilesField

MOST_AT_ONCE = 10


class FileForm(forms.Form):
    """Files to add, and who sees them."""

    file = FilesField(label=gettext_lazy("Add files"), most=MOST_AT_ONCE, most_bytes=MOST_AT_ONCE * MAX_BYTES)
    visible = forms.BooleanField(label=gettext_lazy("Visible to the customer"), required=False)
    is_document = forms.BooleanField(label=gettext_lazy("This PDF is the document itself"), required=False)


@dataclass(frozen=True, slots=True)
class StaffFileRow:
    """A file, who sees it, and where that is changed and the file removed."""

    file: FileRow
    visible: bool
    is_document: bool
    change_url: str
    remove_url: str


def files_on(viewer: StaffViewer, subject: Ref) -> list[File]:
    """Return the files that hang on a customer itself or on one document, newest first."""
    return list(files_of(viewer).filter(subject_kind=subject.kind, subject_id=subject.id))


def staff_files(viewer: StaffViewer, found: list[File], fmt: Formatter) -> list[StaffFileRow]:
    """Return files as the rows of a page."""
    rows = file_rows(found, viewer.business, fmt, url=lambda file: reverse("file", args=[file.public_id]))
    return [
        StaffFileRow(
            row,
            file.visible,
            file.purpose == Purpose.DOCUMENT_PDF,
            reverse("change_file", args=[file.public_id]),
            reverse("remove_file", args=[file.public_id]),
        )
        for file, row in zip(found, rows, strict=True)
    ]
