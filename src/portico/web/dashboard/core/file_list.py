"""The files of a customer or of a document, as rows of its page, and the form that adds one."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.translation import gettext_lazy

from portico.domain.access.viewer import StaffViewer
from portico.domain.documents.queries import files as files_of
from portico.domain.files.actions.store import MAX_BYTES
from portico.lib.ids import Ref
from portico.lib.l10n import Formatter
from portico.web.dashboard.core.refusals import sentence
from portico.web.shared.files import FileRow, file_rows


class FileForm(forms.Form):
    """One file to add."""

    file = forms.FileField(
        label=gettext_lazy("Add a file"),
        widget=forms.FileInput({"class": "po-input"}),
        max_length=255,
    )

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse a file that is too large by its size, before any of it is read into memory."""
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        if (upload.size or 0) > MAX_BYTES:
            raise ValidationError(sentence("file_too_large"))
        return upload


def staff_files(viewer: StaffViewer, subject: Ref, fmt: Formatter) -> list[FileRow]:
    """Return the files that hang on a customer itself or on one document, newest first."""
    return file_rows(
        files_of(viewer).filter(subject_kind=subject.kind, subject_id=subject.id),
        viewer.business,
        fmt,
        url=lambda file: reverse("file", args=[file.public_id]),
        remove_url=lambda file: reverse("remove_file", args=[file.public_id]),
    )
