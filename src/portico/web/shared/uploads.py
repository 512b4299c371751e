"""Uploads: several files of a form, and no more of any of them on the disk than may be kept."""

from typing import Any

from django import forms
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.domain.files.actions.store import MAX_BYTES

# As much as one request may carry: more than ten of the largest files.
_MOST_OF_REQUEST = 11 * MAX_BYTES


class BoundedUpload(FileUploadHandler):
    """Comes before the handlers that write: what is sent beyond the largest file that is kept is read and dropped.

    Enough of it passes for its size to tell that it is too large. Raises RequestDataTooBig for too much in all.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Pass a piece on, unless what came before is too large already."""
        self._received += len(raw_data)
        if self._received > _MOST_OF_REQUEST:
            raise RequestDataTooBig("The files of this request are too large together.")
        return raw_data if start <= MAX_BYTES else None

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers that come next."""


class FilesInput(forms.FileInput):
    """A choice of several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, `most` of them and of `most_bytes` each and together; they are read only after that is known."""

    def __init__(self, *, most: int, most_bytes: int = MAX_BYTES, **options: Any) -> None:
        super().__init__(max_length=255, widget=FilesInput({"class": "po-input"}), **options)
        self.most, self.most_bytes = most, most_bytes

    def clean(self, data: object, initial: object = None) -> list[UploadedFile[bytes]]:
        """Return the files that were chosen."""
        chosen = data if isinstance(data, list | tuple) else [data] if data else []
        if not chosen and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        uploads: list[UploadedFile[bytes]] = [super(FilesField, self).clean(one, initial) for one in chosen]
        if len(uploads) > self.most:
            raise ValidationError(
                ngettext("Attach %(count)s file at most.", "Attach %(count)s files at most.", self.most)
                % {"count": self.most}
            )
        sizes = [upload.size or 0 for upload in uploads]
        if sum(sizes) > self.most_bytes or max(sizes, default=0) > MAX_BYTES:
            raise ValidationError(_("The file is too large; 20 MB is the most."))
        return uploads
