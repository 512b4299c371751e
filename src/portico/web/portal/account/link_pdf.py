"""The PDF of what a document link opens, straight from its secret: for programs, which keep no cookies."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from portico.domain.access.models import Grant
from portico.domain.access.sessions.queries import glance
from portico.domain.access.viewer import CustomerViewer
from portico.domain.businesses.models import Business
from portico.domain.documents.link_life import usable_link
from portico.domain.documents.models import Kind
from portico.lib.errors import NotFound
from portico.web.portal.core.gate import link_page, visit_of
from portico.web.portal.core.kinds import PAYMENT
from portico.web.portal.core.refusals import LinkTargetHidden
from portico.web.portal.core.urls import STATEMENT
from portico.web.portal.documents.detail import document_file
from portico.web.portal.payments.detail import receipt_file
from portico.web.portal.statements.detail import statement_file


@link_page
def link_pdf(request: HttpRequest, business: Business, secret: str) -> HttpResponseBase:
    """Send the PDF of the one thing a link opens. No visit begins, and nobody is said to have seen it."""
    grant = usable_link(business, secret)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    try:
        response = _file(request, grant, glance(grant, visit_of(request)))
    except (NotFound, Http404) as error:
        raise LinkTargetHidden(business) from error
    if response.status_code == 200:
        # A page with a form may not say so, or its browser would not tell where the form comes from.
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _file(request: HttpRequest, grant: Grant, viewer: CustomerViewer) -> HttpResponse:
    target = grant.target
    if target is None:
        raise NotFound("This link opens an account, which is no document.")
    if target.kind == STATEMENT:
        if not viewer.business.show_statements:
            raise NotFound("This section is not shown.")
        return statement_file(request, viewer)
    if target.kind == PAYMENT:
        return receipt_file(viewer, target.public_id)
    return document_file(viewer, target.public_id, Kind(target.kind))
