"""Answers 503 at once while the database is known to be away, or locked for what a request would write.

On SQLite, which has one writer at a time, few threads of a web process wait for their turn: pages are read meanwhile.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from threading import BoundedSemaphore
from typing import Any, cast

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csp import ContentSecurityPolicyMiddleware

from portico.lib import faults
from portico.lib.faults import TooManyWaiting
from portico.web.api.v1.errors import problem_of_fault
from portico.web.shared.failures import unavailable
from portico.web.shared.sites import Site, requested_site

type Handler = Callable[[HttpRequest], HttpResponseBase]

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
# One thread writes, and one is left for those who read.
_WAITING = BoundedSemaphore(max(1, settings.PORTICO_THREADS - 2))
# How long one more waits until it may wait for the lock, in seconds: ordinary writes take their turns in far less.
_PATIENCE = 1.0


def answer_outages(get_response: Handler) -> Handler:
    """Middleware: without it all threads would wait for the database, and everybody else for them."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        fault = faults.going_on(writes=request.method not in _READING)
        if fault is None:
            with _in_turns():
                return get_response(request)
        # The policy of pages is added further in, where this request does not come.
        with_policy = cast("Handler", ContentSecurityPolicyMiddleware(lambda request: _answer(request, fault)))
        return with_policy(request)

    return handle


def _answer(request: HttpRequest, fault: faults.Fault) -> HttpResponseBase:
    if requested_site(request).site is Site.API:
        return problem_of_fault(fault)
    return unavailable(request, fault)


def _in_turns() -> AbstractContextManager[None]:
    return connection.execute_wrapper(_begin) if connection.vendor == "sqlite" else nullcontext()


def _begin(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Ask the database; a transaction begins with the only lock there is, and is refused where too many wait for it."""
    if not sql.startswith("BEGIN"):
        return execute(sql, params, many, context)
    if not _WAITING.acquire(timeout=_PATIENCE):
        raise TooManyWaiting("too many wait for the database's lock")
    try:
        return execute(sql, params, many, context)
    finally:
        _WAITING.release()
