"""Reading a JSON body strictly: what is doubtful is refused, never guessed."""

import json
from collections.abc import Sequence
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

from portico.lib.errors import PorticoError


class Malformed(PorticoError):
    """The body is no JSON."""

    code = "malformed_json"
    status = 400


class NotJson(PorticoError):
    """The body is something else than JSON, and says so."""

    code = "unsupported_media_type"
    status = 415


class StrictParser(Parser):
    """Parses bodies as RFC 8259 has it: in UTF-8, no NaN, no name twice, and called JSON or nothing at all.

    A form that another site lets a browser send can call itself text, but not JSON.
    """

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        if not (request.content_type or "json").endswith("json"):
            raise NotJson("Send JSON, with `Content-Type: application/json`.")
        try:
            body = json.loads(
                request.body.decode("utf-8-sig"), parse_constant=_refuse_constant, object_pairs_hook=_object
            )
        except (ValueError, RecursionError) as error:
            raise Malformed(f"The body is not valid JSON: {_reason(error)}.") from error
        result: dict[str, Any] = body
        return result


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object has the same name twice")
    return found


def _reason(error: ValueError | RecursionError) -> str:
    match error:
        case json.JSONDecodeError():
            return f"{error.msg} (line {error.lineno}, column {error.colno})"
        case UnicodeDecodeError():
            return "it is not UTF-8"
        case RecursionError():
            return "it is nested too deeply"
    return str(error)
