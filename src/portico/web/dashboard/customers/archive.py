"""Putting a customer away, and taking it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.actions.archive import archive_customer as archive
from portico.domain.customers.actions.archive import unarchive_customer as unarchive
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer


@staff_page
def archive_customer(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Archive a customer after a question, or take it back at once; a GET leads to its page."""
    found = customer_of(viewer, name)
    home, here = reverse("customer", args=[found.public_id]), reverse("archive_customer", args=[found.public_id])
    if request.method != "POST":
        return HttpResponseRedirect(home)
    if request.POST.get("do") == "unarchive":
        unarchive(found, by=viewer.actor)
        messages.success(request, _("The customer is back from the archive."))
        return HttpResponseRedirect(home)
    if request.POST.get("confirmed") != "yes":
        asked = {
            "heading": _("Archive this customer?"),
            "text": _(
                "Lists leave it out and it gets no new documents. Its papers, links and sessions stay, and what is "
                "open can still be paid. You can take it back at any time."
            ),
            "button": _("Archive"),
            "names": [(found.name, found.external_id)],
            "hidden": [],
            "action": here,
            "back": home,
        }
        return staff_answer(request, viewer, "dashboard/confirm.html", asked, nav="customers")
    archive(found, by=viewer.actor)
    messages.success(request, _("The customer is archived."))
    return HttpResponseRedirect(home)
