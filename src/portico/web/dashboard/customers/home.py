"""The dashboard's start page."""

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from portico.domain.access.viewer import StaffViewer
from portico.web.dashboard.core.gate import staff_page


@staff_page
def home(_request: HttpRequest, _viewer: StaffViewer) -> HttpResponseRedirect:
    """Lead to the customers."""
    return HttpResponseRedirect(reverse("customers"))
