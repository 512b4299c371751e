"""The files of a customer or of a document, as a list on its page, and the form that adds one."""

from dataclasses import dataclass

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy

from portico.domain.access.viewer import StaffViewer
from portico.domain.documents.queries import files as files_of
from portico.lib.ids import Ref
from portico.lib.l10n import Formatter


class FileForm(forms.Form):
    """One file to add."""

    file = forms.FileField(
        label=gettext_lazy("Add a file"),
        widget=forms.FileInput({"class": "po-input"}),
        max_length=255,
    )


@dataclass(frozen=True, slots=True)
class FileRow:
    url: str
    remove_url: str
    name: str
    size: str
    added: str


def file_rows(viewer: StaffViewer, subject: Ref, fmt: Formatter) -> list[FileRow]:
    """Return the files that hang on a customer itself or on one document, newest first."""
    return [
        FileRow(
            url=reverse("file", args=[file.public_id]),
            remove_url=reverse("remove_file", args=[file.public_id]),
            name=file.name,
            size=_size(file.size, fmt),
            added=fmt.moment(file.created_at, viewer.business.time_zone),
        )
        for file in files_of(viewer).filter(subject_kind=subject.kind, subject_id=subject.id)
    ]


def _size(octets: int, fmt: Formatter) -> str:
    kilobytes = -(-octets // 1024)
    return f"{fmt.number(kilobytes)} kB"
