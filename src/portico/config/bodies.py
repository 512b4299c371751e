"""Bodies that are sent in chunks, without a length: Django would take each of them for none.

A program's JSON is read whole and given its length. Forms and uploads are refused with 411: browsers always say how
long they are, and where the connection breaks, half of a form would read as a whole one. Half a JSON object does not.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import Any

from portico.web.api.v1.errors import problem

type Environ = dict[str, Any]
type StartResponse = Callable[..., Any]
type Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# What may send bodies in chunks, and how large they may be, in bytes.
_PROGRAMS = ("/api/", "/webhooks/")
LARGEST = 10 * 1024 * 1024
_TOO_LARGE = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
_IN_MEMORY = 1024 * 1024
_PIECE = 64 * 1024


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
    start_response(f"{status.value} {status.phrase}", [("Content-Type", answer.headers["Content-Type"])])
    return [answer.content]
