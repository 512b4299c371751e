"""The PDF of what a document link opens, straight from its secret: for programs, which keep no cookies."""

from collections.abc import Callable, Mapping

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from portico.domain.access.models import Grant
from portico.domain.access.sessions.queries import anonymous_viewer
from portico.domain.access.viewer import CustomerViewer
from portico.lib.errors import NotFound
from portico.lib.ids import Ref
from portico.web.portal.core.gate import client_of, link_page
from portico.web.portal.core.refusals import LinkTargetHidden

# Makes the PDF of the one thing that a link opens. Raises NotFound or Http404.
type PdfOfTarget = Callable[[HttpRequest, CustomerViewer, Ref], HttpResponse]


def link_pdf(makers: Mapping[str, PdfOfTarget]) -> Callable[..., HttpResponseBase]:
    """Return the view of a link's PDF. `makers` has a function for each kind of thing that a link opens."""

    @link_page
    def view(request: HttpRequest, grant: Grant) -> HttpResponseBase:
        """Send the PDF of the one thing a link opens. No session begins, and nobody is said to have seen it."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        try:
            if grant.target is None or grant.target.kind not in makers:
                raise NotFound("This link opens an account, which is no document.")
            response = makers[grant.target.kind](request, anonymous_viewer(grant, client_of(request)), grant.target)
        except (NotFound, Http404) as error:
            raise LinkTargetHidden(grant.business) from error
        if response.status_code == 200:
            # A page with a form may not say so, or its browser would not tell where the form comes from.
            response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return view
