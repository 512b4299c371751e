"""A page asked for again and unchanged is not made again: its reader's browser keeps it, and so does the server.

docs/decisions/0007 says why a private page may be kept by its reader's own browser, 0010 why by the server too.
"""

from collections.abc import Callable, Hashable
from functools import cache, wraps
from hashlib import sha256
from pathlib import Path
from typing import Concatenate

from django.http import HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from django.utils.translation import get_language
from django.views.decorators.csp import csp_override

from portico.domain.access.viewer import CustomerViewer
from portico.web.portal.kept import Kept, KeptPages
from portico.web.shared.written import Written

type Page[**P] = Callable[Concatenate[HttpRequest, CustomerViewer, P], Written]
type View[**P] = Callable[Concatenate[HttpRequest, CustomerViewer, P], HttpResponseBase]

_PACKAGE = Path(__file__).resolve().parent.parent.parent
_SHAPES_PAGES = {".py", ".html", ".css", ".js", ".mo"}

# In each process: a page has 10 to 40 kB, so these are the pages of the last minutes.
_ROOM = 4_000_000
_kept = KeptPages(_ROOM)


def revalidated[**P](page: Page[P]) -> View[P]:
    """Keep a page, and let the reader's browser keep it and ask whether it still holds.

    The page has to follow from the session, the customer, the business, the language, the business's day and the
    address alone, and making it has to change nothing. Everything recorded about a customer or a business moves its
    revision.
    """

    @wraps(page)
    def answer(request: HttpRequest, viewer: CustomerViewer, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        facts = _facts(request, viewer)
        known = request.META.get("HTTP_IF_NONE_MATCH", "")
        if known and _tag(request, facts) in parse_etags(known):
            response: HttpResponseBase = _not_modified(request)
        elif kept := _kept.get(facts):
            response = Written(request, kept.written, headers=kept.headers)
        else:
            made = response = page(request, viewer, *args, **kwargs)
            if made.status_code != 200:
                return made
            _kept.put(facts, Kept(made.written, dict(made.items())))
        # Only now is it known which secret the page's forms were made with.
        response.headers["ETag"] = _tag(request, facts)
        response.headers["Cache-Control"] = "private, no-cache"
        return response

    return answer


@csp_override({})
def _not_modified(request: HttpRequest) -> HttpResponseBase:
    """A 304 carries no policy: the kept page's scripts bear the nonce of the policy it was kept with."""
    return HttpResponseNotModified()


def _facts(request: HttpRequest, viewer: CustomerViewer) -> Hashable:
    """What a page follows from, but for what each response has of its own."""
    asked = request.META.get
    return (
        viewer.session.id,
        viewer.customer.revision,
        viewer.business.revision,
        viewer.business.today(),
        get_language(),
        asked("HTTP_HX_REQUEST", ""),
        asked("HTTP_HX_TARGET", ""),
        asked("HTTP_HX_HISTORY_RESTORE_REQUEST", ""),
        request.get_full_path(),
    )


def _tag(request: HttpRequest, facts: Hashable) -> str:
    """Name what a browser keeps: what the page follows from, the forms' secret, and the build."""
    name = repr((facts, request.META.get("CSRF_COOKIE", ""), _build()))
    return f'W/"{sha256(name.encode()).hexdigest()[:32]}"'


@cache
def _build() -> str:
    """What this installation's pages are made of, as one word."""
    digest = sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in _SHAPES_PAGES:
            digest.update(path.read_bytes())
    return digest.hexdigest()
