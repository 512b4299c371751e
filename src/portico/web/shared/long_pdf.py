"""Answering for a PDF that may take a while: the file, or a page that says how far it is and asks again by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from portico.domain.businesses.models import Business
from portico.output.pdf.errors import TooLong
from portico.output.pdf.queue import PdfOrProgress, PdfProgress
from portico.web.shared.brand import brand_of
from portico.web.shared.download import attachment
from portico.web.shared.page import page, wants_part

# The region of the page that asks again, and how long a program had better wait before it does, in seconds.
_REGION = "progress"
_AGAIN_AFTER = 2


@dataclass(frozen=True, slots=True)
class LongPdf:
    """A PDF to download: its business, its file name, and the links beside it. Empty URLs are not shown."""

    business: Business
    filename: str
    csv_url: str = ""
    back_url: str = ""


def long_pdf(request: HttpRequest, wanted: LongPdf, make: Callable[[], PdfOrProgress]) -> HttpResponse:
    """Answer with the PDF as soon as it is there; 202 before that, 422 when it is too long, 503 when it failed."""
    try:
        content = make()
    except TooLong as refusal:
        return _said(request, wanted, "too_long", refusal.status, refusal=str(refusal))
    if isinstance(content, PdfProgress):
        return _how_far(request, wanted, content)
    if wants_part(request, _REGION):
        return _said(request, wanted, "ready")
    return attachment(content, wanted.filename, "application/pdf")


def _how_far(request: HttpRequest, wanted: LongPdf, progress: PdfProgress) -> HttpResponse:
    if progress.failed:
        # htmx shows no failures, and would go on asking, which is trying again.
        return _said(request, wanted, "failed", 200 if wants_part(request, _REGION) else 503)
    state = "waiting" if progress.waiting else "in_progress"
    response = _said(request, wanted, state, 202, done=progress.done, rows=progress.rows)
    response.headers["Retry-After"] = str(_AGAIN_AFTER)
    return response


def _said(request: HttpRequest, wanted: LongPdf, state: str, status: int = 200, **context: Any) -> HttpResponse:
    brand = brand_of(wanted.business)
    context |= {"wanted": wanted, "state": state}
    response = page(request, "downloads/long_pdf.html", context, brand=brand, status=status, part=_REGION)
    response.headers["Cache-Control"] = "no-store"
    return response
