"""The dashboard's start page."""

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from portico.domain.access.viewer import StaffViewer
from portico.domain.documents.queries import has_issued_invoices
from portico.web.dashboard.core.gate import staff_page


@staff_page
def home(_request: HttpRequest, viewer: StaffViewer) -> HttpResponseRedirect:
    """Lead to the customers, and to the first steps until there is an invoice."""
    return HttpResponseRedirect(reverse("customers" if has_issued_invoices(viewer) else "first_steps"))
