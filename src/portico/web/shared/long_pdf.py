"""Answering for a PDF that may take a while: the file, or a page that says how far it is and asks again by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from portico.domain.businesses.models import Business
from portico.output.pdf.errors import TooLong
from portico.output.pdf.queue import Making, Printed
from portico.web.shared.download import attachment
from portico.web.shared.page import brand, page, wants_part

# The region of the page that asks again, and how long a program had better wait before it does, in seconds.
_REGION = "progress"
_AGAIN_AFTER = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: whose it is, what the file is called, and where else to go. Empty addresses are not shown."""

    business: Business
    filename: str
    csv_url: str = ""
    back_url: str = ""


def long_pdf(request: HttpRequest, asked: Asked, make: Callable[[], Printed]) -> HttpResponse:
    """Answer with the PDF as soon as it is there; 202 before that, 422 when it is too long, 503 when it failed."""
    try:
        content = make()
    except TooLong as refusal:
        return _said(request, asked, "too_long", refusal.status, refusal=str(refusal))
    if isinstance(content, Making):
        return _how_far(request, asked, content)
    if wants_part(request, _REGION):
        return _said(request, asked, "ready")
    return attachment(content, asked.filename, "application/pdf")


def _how_far(request: HttpRequest, asked: Asked, making: Making) -> HttpResponse:
    if making.failed:
        # htmx shows no failures, and would go on asking, which is trying again.
        return _said(request, asked, "failed", 200 if wants_part(request, _REGION) else 503)
    state = "waiting" if making.waiting else "making"
    response = _said(request, asked, state, 202, done=making.done, rows=making.rows)
    response.headers["Retry-After"] = str(_AGAIN_AFTER)
    return response


def _said(request: HttpRequest, asked: Asked, state: str, status: int = 200, **context: Any) -> HttpResponse:
    house = brand(asked.business.name, asked.business.accent)
    context |= {"asked": asked, "state": state}
    response = page(request, "downloads/long_pdf.html", context, house=house, status=status, part=_REGION)
    response.headers["Cache-Control"] = "no-store"
    return response
