"""A page that a browser has and that has not changed is answered 304 instead of being rendered again.

docs/decisions/0007 says why a private page may be stored by its own reader's browser.
"""

from collections.abc import Callable, Hashable
from functools import cache, wraps
from hashlib import sha256
from pathlib import Path
from typing import Concatenate

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from django.utils.translation import get_language

from portico.domain.access.viewer import CustomerViewer
from portico.lib.clock import today
from portico.web.portal.core.gate import current_facts, first_language, keep_private, made_for_another
from portico.web.shared.sites import Site, requested_site

type Page[**P] = Callable[Concatenate[HttpRequest, CustomerViewer, P], HttpResponse]
type View[**P] = Callable[Concatenate[HttpRequest, CustomerViewer, P], HttpResponseBase]
type Handler = Callable[[HttpRequest], HttpResponseBase]

_PACKAGE = Path(__file__).resolve().parents[3]
_SHAPES_PAGES = {".py", ".html", ".css", ".js", ".mo"}


def revalidated[**P](page: Page[P]) -> View[P]:
    """Give a page an ETag, so that the reader's browser may store it and ask whether it still holds.

    The page has to follow from the session, the customer, the business, the language, the business's day and the
    address alone, and making it has to change nothing. Everything recorded about a customer or a business moves its
    revision.
    """

    @wraps(page)
    def answer(request: HttpRequest, viewer: CustomerViewer, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = page(request, viewer, *args, **kwargs)
        # One that says how it may be kept follows from something else as well.
        if response.status_code != 200 or response.has_header("Cache-Control"):
            return response
        facts = _facts(
            request,
            get_language() or "",
            viewer.business.time_zone,
            viewer.session.id,
            viewer.customer.revision,
            viewer.business.revision,
            viewer.business.epoch,
        )
        # Only now is it known which secret the page's forms were rendered with.
        return _revalidated(response, _tag(facts, request.META.get("CSRF_COOKIE", "")))

    return answer


def answer_unchanged(get_response: Handler) -> Handler:
    """Middleware that answers who has a page already and may still see it: none of the gates would say otherwise.

    A tag is given only with a page, and names all that the page follows from, every gate's answer included; it is the
    same for as long as that is, and for whom. So the one thing to ask is what holds now.
    """

    def handle(request: HttpRequest) -> HttpResponseBase:
        tag = _tag_now(request) if request.META.get("HTTP_IF_NONE_MATCH") else None
        if tag is not None and tag in parse_etags(request.META["HTTP_IF_NONE_MATCH"]):
            return keep_private(_revalidated(HttpResponseNotModified(), tag))
        return get_response(request)

    return handle


def _tag_now(request: HttpRequest) -> str | None:
    """Return the tag that the page asked for has if it has one, or None for who would not be shown it."""
    if requested_site(request).site is not Site.PORTAL or request.method not in {"GET", "HEAD"}:
        return None
    session = current_facts(request)
    if session is None or made_for_another(request, session.customer_id):
        return None
    facts = _facts(
        request,
        first_language(request, *session.languages),
        session.time_zone,
        session.session_id,
        session.customer_revision,
        session.business_revision,
        session.epoch,
    )
    return _tag(facts, request.COOKIES.get(settings.CSRF_COOKIE_NAME, ""))


def _revalidated[R: HttpResponseBase](response: R, tag: str) -> R:
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _facts(request: HttpRequest, language: str, time_zone: str, *follows_from: Hashable) -> Hashable:
    """What a page follows from, but for what each response has of its own."""
    asked = request.META.get
    return (
        *follows_from,
        today(time_zone),
        language,
        asked("HTTP_HX_REQUEST", ""),
        asked("HTTP_HX_TARGET", ""),
        asked("HTTP_HX_HISTORY_RESTORE_REQUEST", ""),
        request.get_full_path(),
    )


def _tag(facts: Hashable, forms_secret: str) -> str:
    """Name what a browser keeps: what the page follows from, the forms' secret, and the build."""
    name = repr((facts, forms_secret, _build()))
    return f'W/"{sha256(name.encode()).hexdigest()[:32]}"'


@cache
def _build() -> str:
    """What this installation's pages are made of, as one word."""
    digest = sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in _SHAPES_PAGES:
            digest.update(path.read_bytes())
    return digest.hexdigest()
