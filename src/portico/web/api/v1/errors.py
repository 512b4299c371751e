"""Every refusal as RFC 9457 problem details, in one place.

`{type, title, status, detail, code, errors: [{pointer, detail}]}`; `code` is stable, `detail` a plain sentence, and
`pointer` a JSON pointer into the body, or `/name` for a parameter of the address.
"""

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, TypedDict, get_args

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic_core import to_json
from pydantic_core.core_schema import ErrorType

from portico.lib.errors import FieldError, PorticoError
from portico.lib.faults import UNAVAILABLE, Fault, fault_of, note

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"


class ProblemField(TypedDict):
    """One place of the input that is wrong."""

    pointer: str
    detail: str


class Problem(TypedDict):
    """An RFC 9457 problem: why a request was refused. Nothing was changed."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[ProblemField]


# What any operation may refuse with.
STATUSES = (400, 401, 403, 404, 405, 409, 413, 415, 422, 500, 503)

# Mistakes by the type that Pydantic gives them, in our words; `{…}` are values of its context.
_SENTENCES = {
    "missing": "This field is required.",
    "extra_forbidden": "There is no such field.",
    "int_type": "Give an integer; amounts are in minor units, for instance 1999 for 19.99.",
    "string_type": "Give a string.",
    "bool_type": "Give true or false.",
    "list_type": "Give a list.",
    "model_type": "Give an object.",
    "model_attributes_type": "Give an object.",
    "dict_type": "Give an object.",
    "string_unicode": "The text is not valid Unicode.",
    "string_too_long": "The text is too long; its greatest length is {max_length}.",
    "string_too_short": "The text is too short; its least length is {min_length}.",
    "string_pattern_mismatch": "Give a text that matches {pattern}.",
    "too_long": "The list is too long: it takes {max_length} items at most.",
    "too_short": "The list is too short: its least number of items is {min_length}.",
    "greater_than": "Give more than {gt}.",
    "greater_than_equal": "Give {ge} or more.",
    "less_than": "Give less than {lt}.",
    "less_than_equal": "Give {le} or less.",
    "int_parsing": "Give an integer.",
    "int_parsing_size": "Give an integer of fewer digits.",
    "int_from_float": "Give an integer.",
    "bool_parsing": "Give true or false.",
    "literal_error": "Give one of {expected}.",
    "enum": "Give one of {expected}.",
}
_PYDANTIC = frozenset(get_args(ErrorType))
_OTHER_MISTAKE = "This value can't be used here; docs/api.md and /api/v1/openapi.json say what can."


def problem(
    status: int, code: str, detail: str, *, errors: Sequence[FieldError] = (), headers: dict[str, str] | None = None
) -> HttpResponse:
    """Return a problem as an answer."""
    body: Problem = {
        "type": f"urn:portico:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": [{"pointer": error.pointer, "detail": error.message} for error in errors],
    }
    return HttpResponse(to_json(body), content_type=CONTENT_TYPE, status=status, headers=headers)


def problem_of(error: Exception) -> HttpResponse:
    """Return the problem an exception stands for; what is no refusal is logged and says nothing of its cause."""
    match error:
        case PorticoError() if fault_of(error) is None:
            headers = {"WWW-Authenticate": 'Bearer realm="Portico"'} if error.status == HTTPStatus.UNAUTHORIZED else {}
            return problem(error.status, error.code, error.message, errors=error.fields, headers=headers)
        case ValidationError():
            fields = [_field(found) for found in error.errors]
            return problem(422, "invalid", _summary(fields), errors=fields)
        case AuthenticationError():
            text = "Send your API key as `Authorization: Bearer ptk_…`, or as the user name of Basic authentication."
            return problem(401, "unauthorized", text, headers={"WWW-Authenticate": 'Bearer realm="Portico"'})
        case HttpError():
            return problem_of(error.__cause__) if isinstance(error.__cause__, PorticoError) else _unreadable()
        case Http404():
            return not_found()
        case RequestDataTooBig():
            return problem(413, "too_large", "The request is larger than 10 MB.")
        case SuspiciousOperation() | UnreadablePostError() | MultiPartParserError():
            return _unreadable()
    fault = fault_of(error)
    if fault is not None:
        note(fault, error)
        return problem_of_fault(fault)
    logger.error("An API request failed", exc_info=error)
    return problem(500, "internal_error", "Portico made a mistake. It has been logged and nothing was half done.")


def problem_of_fault(fault: Fault) -> HttpResponse:
    """Return the problem of a database or disk that can't do it now."""
    return problem(503, fault.value, _FAULTS[fault], headers={"Retry-After": str(fault.retry_after)})


_FAULTS = UNAVAILABLE | {
    Fault.AWAY: "The database can't be reached. If this request changes something, look before you send it again, or"
    " send it with the same Idempotency-Key.",
    Fault.BUSY: "The server is busy. Nothing was changed; try again.",
    Fault.FULL: "The server's disk is full. Nothing was changed; its operator has to make room.",
}


def not_found() -> HttpResponse:
    """Return the problem of an address that names nothing."""
    return problem(404, "not_found", "There is nothing at this address. Addresses have no slash at the end.")


def not_allowed(methods: str) -> HttpResponse:
    """Return the problem of a method that an address does not have; `methods` lists those it has."""
    names = {name.strip() for name in methods.split(",")}
    allowed = ", ".join(sorted(names | {"HEAD"} if "GET" in names else names))
    return problem(405, "method_not_allowed", f"This address answers to {allowed} only.", headers={"Allow": allowed})


def install(api: NinjaAPI) -> None:
    """Let every exception of an API's views become a problem."""
    for kind in (Exception, Http404, HttpError, ValidationError):
        api.add_exception_handler(kind, _handle)


def _handle(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    answer = problem_of(error if isinstance(error, Exception) else error())
    key = request.headers.get("Idempotency-Key")
    if key and answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        # What a program needs to ask again without doing it twice.
        answer.headers["Idempotency-Key"] = key
    return answer


def _unreadable() -> HttpResponse:
    return problem(400, "unreadable", "The request could not be read.")


def _summary(fields: Sequence[FieldError]) -> str:
    first = f"{fields[0].pointer or 'The body'}: {fields[0].message}"
    return first if len(fields) == 1 else f"{first} ({len(fields)} fields are wrong.)"


def _field(found: dict[str, Any]) -> FieldError:
    source, *path = found["loc"]
    # A body's own name in the view stands before its fields.
    steps = path[1:] if source == "body" else path
    pointer = "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
    if not steps and found["type"] == "missing":
        return FieldError("", "The request needs a JSON object as its body.")
    return FieldError(pointer, _sentence(found))


def _sentence(found: dict[str, Any]) -> str:
    """Return what is wrong in our words. An own check of `fields` says it itself, and Pydantic passes that on."""
    if found["type"] not in _PYDANTIC:
        return str(found["msg"])
    kind = found["type"]
    if found.get("ctx", {}).get("field_type") == "Value":
        # Pydantic checks the length of a text that has checks of its own like that of a list, and calls it so.
        kind = {"too_long": "string_too_long", "too_short": "string_too_short"}.get(kind, kind)
    return _SENTENCES.get(kind, _OTHER_MISTAKE).format_map(found.get("ctx", {}))
