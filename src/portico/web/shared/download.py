"""Downloads: files that a browser saves, never opens in place and keeps in no cache."""

from collections.abc import Iterable

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from portico.domain.files.models import File


def attachment(content: bytes, filename: str, media_type: str) -> HttpResponse:
    """Answer with a file to save under a name."""
    return HttpResponse(content, content_type=media_type, headers=_headers(filename))


def streamed(chunks: Iterable[str | bytes], filename: str, media_type: str) -> StreamingHttpResponse:
    """Answer with a file that is written while it is sent."""
    return StreamingHttpResponse(chunks, content_type=media_type, headers=_headers(filename))


def file_response(file: File) -> FileResponse:
    """Answer with a stored file, sent piece by piece as it is read."""
    return FileResponse(
        file.open(),
        as_attachment=True,
        filename=file.name,
        content_type=file.media_type,
        headers=_headers(file.name),
    )


def _headers(filename: str) -> dict[str, str]:
    return {
        "Content-Disposition": content_disposition_header(True, filename) or "attachment",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "sandbox",
        "X-Content-Type-Options": "nosniff",
    }
