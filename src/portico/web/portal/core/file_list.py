"""Files that a customer may download, as rows of a page."""

from collections.abc import Iterable

from django.urls import reverse

from portico.domain.businesses.models import Business
from portico.domain.files.models import File
from portico.lib.l10n import Formatter
from portico.web.shared.files import FileRow, file_rows


def file_url(file: File) -> str:
    """Return the one URL where a customer downloads a file."""
    name = "comment_file" if file.subject_kind == "comment" else "file"
    return reverse(name, args=[file.public_id, file.name])


def customer_files(files: Iterable[File], business: Business, fmt: Formatter) -> list[FileRow]:
    """Return files with the URLs where a customer downloads them; one query."""
    return file_rows(files, business, fmt, file_url)
