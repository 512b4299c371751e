"""Which ways to pay are offered to a customer."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import StaffViewer
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.method_switches import method_switches_page


@staff_page
def customer_methods(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show the switches; a POST keeps them."""
    found = customer_of(viewer, name)
    back = reverse("customer", args=[found.public_id]), found.name
    title = _("Ways to pay of %(name)s") % {"name": found.name}
    return method_switches_page(request, viewer, found, title=title, back=back)
