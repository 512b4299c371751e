"""Which ways to pay are offered for an invoice."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import StaffViewer
from portico.domain.documents.models import Kind
from portico.domain.documents.queries import document
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.method_switches import method_switches_page


@staff_page
def invoice_methods(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show the switches; a POST keeps them."""
    found = document(viewer, name, Kind.INVOICE)
    back = reverse("document", args=[found.public_id]), found.number or _("Draft")
    title = _("Ways to pay %(number)s") % {"number": back[1]}
    return method_switches_page(request, viewer, found, title=title, back=back)
