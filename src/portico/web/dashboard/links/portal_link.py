"""Making, mailing and ending the portal link of one customer, from the customer's page."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import StaffViewer
from portico.lib.errors import NotFound
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.links.portal_links import (
    ACTIONS,
    carry_out,
    names_in_question,
    needs_consent,
    question,
    tell,
)
from portico.web.shared.page import reader_formatter


@staff_page
def customer_link(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Make, mail or end a customer's link; a link just made is shown in the answer to the POST and nowhere else."""
    found = customer_of(viewer, name)
    here, home = reverse("customer_link", args=[found.public_id]), reverse("customer", args=[found.public_id])
    if request.method != "POST":
        return HttpResponseRedirect(home)
    action = request.POST.get("do", "")
    if action not in ACTIONS:
        raise NotFound("There is no such action.")
    if needs_consent(request, action):
        heading, text, button = question(action, [found])
        asked: dict[str, Any] = {
            "heading": heading,
            "text": text,
            "button": button,
            "names": names_in_question(action, [found]),
            "hidden": [("do", action)],
            "action": here,
            "back": home,
        }
        return staff_answer(request, viewer, "dashboard/confirm.html", asked, nav="customers")
    made = carry_out(viewer, [found], action, reader_formatter())
    if not made.fresh:
        tell(request, made, action)
        return HttpResponseRedirect(home)
    context = {"made": made, "name": found.name, "back": home}
    return staff_answer(request, viewer, "dashboard/links/new_link.html", context, nav="customers")
