"""Answers 503 at once while the database is known to be away, or locked for what a request would write."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portico.lib import faults
from portico.web.api.v1.errors import problem_of_fault
from portico.web.shared.failures import unavailable
from portico.web.shared.sites import Site, requested_site

type Handler = Callable[[HttpRequest], HttpResponseBase]

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def answer_outages(get_response: Handler) -> Handler:
    """Middleware: without it all threads would wait for the database, and everybody else for them."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        fault = faults.going_on(writes=request.method not in _READING)
        if fault is None:
            return get_response(request)
        if requested_site(request).site is Site.API:
            return problem_of_fault(fault)
        return unavailable(request, fault)

    return handle
