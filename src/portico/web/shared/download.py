"""Files as downloads: never opened in place, never kept by anybody's cache."""

from collections.abc import Iterable

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header


def attachment(content: bytes, filename: str, media_type: str) -> HttpResponse:
    """Answer with a file to save under a name."""
    return HttpResponse(content, content_type=media_type, headers=download_headers(filename))


def streamed(chunks: Iterable[str | bytes], filename: str, media_type: str) -> StreamingHttpResponse:
    """Answer with a file that is written while it is sent."""
    return StreamingHttpResponse(chunks, content_type=media_type, headers=download_headers(filename))


def download_headers(filename: str) -> dict[str, str]:
    """Return the headers that keep a browser from opening a file in place."""
    return {
        "Content-Disposition": content_disposition_header(True, filename) or "attachment",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "sandbox",
        "X-Content-Type-Options": "nosniff",
    }
