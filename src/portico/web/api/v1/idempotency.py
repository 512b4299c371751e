"""`Idempotency-Key` on every POST: the same request again gets the same answer and changes nothing."""

import hashlib
import json
import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate

from django.http import HttpRequest, HttpResponse

from portico.domain.access.programs.actions.run_idempotently import ApiResponse, run_idempotently
from portico.lib.errors import FieldError, Invalid
from portico.web.api.v1.auth import key_of, viewer_of
from portico.web.api.v1.body import Malformed, NotJson, StrictParser

_KEY = re.compile(r"[\x21-\x7e]{1,255}")

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]

# What OpenAPI says of a view that is wrapped by `idempotent`.
IDEMPOTENT: dict[str, Any] = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[!-~]+$"},
            "description": "Your own name for this request. Sent again within 24 hours, it gets the same answer.",
            "example": "9b2f6c1e-order-7731",
        }
    ]
}


def idempotent[**P](view: View[P]) -> View[P]:
    """Let a view act once per Idempotency-Key. Refusals are not kept: they changed nothing, and a retry may succeed."""

    @wraps(view)
    def once_only(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        key = _key_of(request)
        if key is None:
            return view(request, *args, **kwargs)

        def action() -> ApiResponse:
            response = view(request, *args, **kwargs)
            return ApiResponse(response.status_code, response.content)

        stored = _run(request, key, action)
        response = HttpResponse(stored.body, content_type="application/json", status=stored.status)
        if stored.replayed:
            response.headers["Idempotent-Replayed"] = "true"
        return response

    return once_only


def begin_once(request: HttpRequest, begin: Callable[[], str]) -> tuple[str, bool]:
    """Let `begin` commit a row once per Idempotency-Key; returns its public id, and whether it was there before.

    For what a provider is asked about afterwards: that never happens inside a transaction. The same request again
    finds the row, asks about it under the same key, and is answered with what has become of it.
    """
    key = _key_of(request)
    if key is None:
        return begin(), False

    def action() -> ApiResponse:
        return ApiResponse(HTTPStatus.CREATED, begin().encode())

    stored = _run(request, key, action)
    return stored.body.decode(), stored.replayed


def begun(response: HttpResponse, *, replayed: bool) -> HttpResponse:
    """Say on the answer about a row of `begin_once` whether it was there before."""
    if replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def _run(request: HttpRequest, key: str, action: Callable[[], ApiResponse]) -> ApiResponse:
    fingerprint, secret = _fingerprint(request), key_of(request)
    return run_idempotently(viewer_of(request), key, fingerprint=fingerprint, secret=secret, action=action)


def _key_of(request: HttpRequest) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        text = "An Idempotency-Key has 1 to 255 visible ASCII characters."
        raise Invalid(text, fields=[FieldError("/Idempotency-Key", text)])
    return key


def _meant(request: HttpRequest) -> bytes:
    """Return a body as it is however its names are ordered and spaced; one that is no JSON as it came."""
    try:
        return json.dumps(StrictParser().parse_body(request), sort_keys=True).encode()
    except (Malformed, NotJson, RecursionError):
        return request.body


def _fingerprint(request: HttpRequest) -> str:
    known = hashlib.sha256(f"{request.method} {request.path_info}\n".encode())
    if request.content_type == "multipart/form-data":
        # A file is read piece by piece, never whole; its form is known by what it says, as boundaries are random.
        known.update(repr(sorted(request.POST.lists())).encode())
        for name, uploads in sorted(request.FILES.lists()):
            for upload in uploads:
                known.update(repr((name, upload.name, upload.size)).encode())
                for piece in upload.chunks():
                    known.update(piece)
    else:
        known.update(_meant(request))
    return known.hexdigest()
