"""Downloads: files that a browser saves, never opens in place and keeps in no cache."""

from collections.abc import Iterable

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from portico.domain.files.content import OPAQUE
from portico.domain.files.models import File, Original
from portico.output.exports.formats import chunks
from portico.output.exports.table import Format, Table, separator
from portico.web.shared.page import reader_formatter


def attachment(content: bytes, filename: str, media_type: str) -> HttpResponse:
    """Answer with a file to save under a name."""
    return HttpResponse(content, content_type=media_type, headers=_headers(filename))


def streamed(chunks: Iterable[str | bytes], filename: str, media_type: str) -> StreamingHttpResponse:
    """Answer with a file that is written while it is sent."""
    return StreamingHttpResponse(chunks, content_type=media_type, headers=_headers(filename))


def exported[R](table: Table[R], wanted: Format, pdf_name: str) -> StreamingHttpResponse:
    """Answer with a table as a file; it is called as the same list's PDF is."""
    return streamed(chunks(table, wanted), pdf_name.removesuffix(".pdf") + wanted.suffix, wanted.media_type)


def csv_format(request: HttpRequest) -> Format:
    """Return which CSV an address asks for: plain, or with `csv=local` as the reader's language writes numbers."""
    return Format.LOCAL if request.GET.get("csv") == "local" else Format.CSV


def local_csv(url: str) -> str:
    """Return the address of the same CSV as spreadsheets of the reader's language open it; empty where it is one."""
    if separator(reader_formatter().language) == ",":
        return ""
    return f"{url}{'&' if '?' in url else '?'}csv=local"


def file_response(request: HttpRequest, file: File) -> FileResponse:
    """Answer with a stored file, sent piece by piece as it is read; with `?preview` the small picture of a picture."""
    if "preview" in request.GET and file.preview_path:
        return FileResponse(
            file.open_preview(), content_type=file.media_type, headers=_headers(file.name) | _OF_PREVIEWS
        )
    return FileResponse(
        file.open(),
        as_attachment=True,
        filename=file.name,
        content_type=file.media_type,
        headers=_headers(file.name),
    )


def original_response(original: Original) -> FileResponse:
    """Answer with a file as it came, whatever it is: as bytes that no browser opens."""
    return FileResponse(
        original.open(),
        as_attachment=True,
        filename=original.name,
        content_type=OPAQUE,
        headers=_headers(original.name),
    )


# Drawn by us, of pixels alone: a page may show it, and its reader's browser keep it.
_OF_PREVIEWS = {"Content-Disposition": "inline", "Cache-Control": "private, max-age=3600"}


def _headers(filename: str) -> dict[str, str]:
    return {
        "Content-Disposition": content_disposition_header(True, filename) or "attachment",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "sandbox",
        "X-Content-Type-Options": "nosniff",
    }
