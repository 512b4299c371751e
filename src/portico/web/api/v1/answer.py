"""How every answer leaves: JSON, written once, never kept by anybody on the way."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from pydantic_core import to_json

# What an operation says in `openapi_extra` that answers with the bytes of a file.
BYTES = {
    "responses": {200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}
}


def answer(body: Mapping[str, Any], status: int = HTTPStatus.OK) -> HttpResponse:
    """Return a body as JSON. Dates become ISO 8601 text; amounts are integers already."""
    return HttpResponse(to_json(body), content_type="application/json", status=status)
