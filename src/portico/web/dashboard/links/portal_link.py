"""Making, mailing and ending the portal link of one customer, from the customer's page."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import StaffViewer
from portico.lib.errors import NotFound
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.links.portal_links import DEEDS, carry_out, names_in_question, needs_consent, question, tell
from portico.web.shared.page import reader_formatter


@staff_page
def customer_link(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Make, mail or end a customer's link; a link just made is shown in the answer to the POST and nowhere else."""
    found = customer_of(viewer, name)
    here, home = reverse("customer_link", args=[found.public_id]), reverse("customer", args=[found.public_id])
    if request.method != "POST":
        return HttpResponseRedirect(home)
    deed = request.POST.get("deed", "")
    if deed not in DEEDS:
        raise NotFound("There is no such deed.")
    if needs_consent(request, deed):
        heading, text, button = question(deed, [found])
        asked: dict[str, Any] = {
            "heading": heading,
            "text": text,
            "button": button,
            "names": names_in_question(deed, [found]),
            "hidden": [("deed", deed)],
            "action": here,
            "back": home,
        }
        return staff_answer(request, viewer, "dashboard/confirm.html", asked, place="customers")
    made = carry_out(viewer, [found], deed, reader_formatter())
    if not made.fresh:
        tell(request, made, deed)
        return HttpResponseRedirect(home)
    context = {"made": made, "name": found.name, "back": home}
    return staff_answer(request, viewer, "dashboard/links/new_link.html", context, place="customers")
