"""How every answer leaves: JSON, written once, never kept by anybody on the way."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from pydantic_core import to_json


def answer(body: Mapping[str, Any], status: int = HTTPStatus.OK) -> HttpResponse:
    """Return a body as JSON. Dates become ISO 8601 text; amounts are integers already."""
    return HttpResponse(to_json(body), content_type="application/json", status=status)
