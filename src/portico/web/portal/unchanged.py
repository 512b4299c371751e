"""A page asked for again and unchanged answers 304, before anything of it is computed.

docs/decisions/0007 says why a private page may be kept by its reader's own browser.
"""

from collections.abc import Callable
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

type Page[**P] = Callable[Concatenate[HttpRequest, CustomerViewer, P], HttpResponseBase]

_PACKAGE = Path(__file__).resolve().parent.parent.parent
_SHAPES_PAGES = {".py", ".html", ".css", ".js", ".mo"}


def revalidated[**P](page: Page[P]) -> Page[P]:
    """Let the reader's browser keep a page and ask whether it still holds.

    The page has to follow from the session, the customer, the business, the language, the business's day and the
    address alone. Everything recorded about a customer or a business moves its revision.
    """

    @wraps(page)
    def answer(request: HttpRequest, viewer: CustomerViewer, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if _tag(request, viewer) in parse_etags(request.headers.get("If-None-Match", "")):
            response: HttpResponseBase = _not_modified(request)
        else:
            response = page(request, viewer, *args, **kwargs)
            if response.status_code != 200:
                return response
        # Only now is it known which secret the page's forms were made with.
        response.headers["ETag"] = _tag(request, viewer)
        response.headers["Cache-Control"] = "private, no-cache"
        return response

    return answer


@csp_override({})
def _not_modified(request: HttpRequest) -> HttpResponseBase:
    """A 304 carries no policy: the kept page's scripts bear the nonce of the policy it was kept with."""
    return HttpResponseNotModified()


def _tag(request: HttpRequest, viewer: CustomerViewer) -> str:
    facts = (
        viewer.session.id,
        viewer.customer.revision,
        viewer.business.revision,
        viewer.business.today(),
        get_language(),
        request.META.get("CSRF_COOKIE", ""),
        request.headers.get("HX-Request", ""),
        request.headers.get("HX-Target", ""),
        request.get_full_path(),
        _build(),
    )
    return f'W/"{sha256(repr(facts).encode()).hexdigest()[:32]}"'


@cache
def _build() -> str:
    """What this installation's pages are made of, as one word."""
    digest = sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in _SHAPES_PAGES:
            digest.update(path.read_bytes())
    return digest.hexdigest()
