"""Bodies of requests, read so that an answer never overtakes them.

Whoever is answered before their body has arrived loses the connection: the server can't tell where the next request
begins, and closes it. A client that keeps connections open then loses its next request. So a small body is read before
anything answers, and whoever is refused with a large one on the way is told that the connection ends.

Bodies that are sent in chunks have no length, and Django would take each of them for none. A program's JSON is read
whole and given its length. Forms and uploads are refused with 411: browsers always say how long they are, and where the
connection breaks, half of a form would read as a whole one. Half a JSON object does not.

All that is read is UTF-8. A request that names another charset is refused before anything reads it in that one: Django
would do so where it can, and fail with a charset that is none of texts.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import Any

from django.utils.http import parse_header_parameters

from portico.web.api.v1.errors import problem

type Environ = dict[str, Any]
type StartResponse = Callable[..., Any]
type Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# What may send bodies in chunks, and how large they may be, in bytes.
_PROGRAMS = ("/api/", "/webhooks/")
LARGEST = 10 * 1024 * 1024
_CHARSETS = {"utf-8", "utf8", "us-ascii", "ascii"}
_UNKNOWN_CHARSET = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
_TOO_LARGE = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
_IN_MEMORY = 1024 * 1024
_PIECE = 64 * 1024
# A body of up to this many bytes is read before anything answers: ordinary forms and programs' requests.
_READ_FIRST = _PIECE


def with_bodies_read(application: Application) -> Application:
    """Read small bodies before an application answers; end the connection with a refusal of a large one."""

    def call(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if not length:
            return application(environ, start_response)
        if length > _READ_FIRST:
            return application(environ, _ending(start_response))
        body = _read(environ["wsgi.input"], length)
        if len(body) < length:
            # The connection broke: what has come would read as a whole form.
            return _refused(start_response, HTTPStatus.BAD_REQUEST, "incomplete", "The request ended too early.")
        return application(environ | {"wsgi.input": BytesIO(body)}, start_response)

    return call


def with_utf8_alone(application: Application) -> Application:
    """Refuse with 415 what says that it is written in another charset than UTF-8, or in ASCII, which is part of it."""

    def call(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        _, said = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
        if said.get("charset", "utf-8").lower() in _CHARSETS:
            return application(environ, start_response)
        return _refused(start_response, _UNKNOWN_CHARSET, "unsupported_media_type", "Write the request in UTF-8.")

    return call


def _read(stream: Any, length: int) -> bytes:
    body = b""
    while len(body) < length and (piece := stream.read(length - len(body))):
        body += piece
    return body


def _ending(start_response: StartResponse) -> StartResponse:
    """Answer refusals so that the client keeps no connection on which its body may still be under way."""

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        refused = status[0] in "45"
        return start_response(status, [*headers, ("Connection", "close")] if refused else headers, *more)

    return start


def with_chunked_bodies(application: Application) -> Application:
    """Let an application read programs' chunked bodies as any other; one that is too large is refused with 413.

    The body is read before the application is called: into memory while it is small, else into a temporary file.
    """

    def call(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if "HTTP_TRANSFER_ENCODING" not in environ:
            return application(environ, start_response)
        if not environ.get("PATH_INFO", "").startswith(_PROGRAMS):
            return _refused(start_response, HTTPStatus.LENGTH_REQUIRED, "length_required", "Say how long the body is.")
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as body:
            length = 0
            while length <= LARGEST and (piece := environ["wsgi.input"].read(_PIECE)):
                length += body.write(piece)
            if length > LARGEST:
                return _refused(start_response, _TOO_LARGE, "too_large", "The request is larger than 10 MB.")
            body.seek(0)
            return application(environ | {"wsgi.input": body, "CONTENT_LENGTH": str(length)}, start_response)

    return call


def _refused(start_response: StartResponse, status: HTTPStatus, code: str, detail: str) -> Iterable[bytes]:
    answer = problem(status, code, detail)
    headers = [("Content-Type", answer.headers["Content-Type"]), ("Connection", "close")]
    start_response(f"{status.value} {status.phrase}", headers)
    return [answer.content]
