"""`/settings/portal/tokens`: every customer's portal link, and making, mailing and ending them, one or many."""

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.links.queries.portal_links import LinkState, customers_by_link, newest_links
from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.models import Customer
from portico.domain.customers.queries import searched
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.link_labels import LinkFacts, link_facts, link_states
from portico.web.dashboard.core.listing import ListState, paginate, parameters_of
from portico.web.dashboard.links.portal_links import (
    MOST_AT_ONCE,
    Made,
    carry_out,
    chosen_customers,
    names_in_question,
    needs_consent,
    question,
    tell,
)
from portico.web.shared.page import reader_formatter

_STATES = ("active", "expired", "revoked", "none")


class LinkFilter(forms.Form):
    """What narrows the list."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, widget=forms.TextInput({"class": "po-input"}))
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=link_states,
        widget=forms.Select({"class": "po-input"}),
    )


@dataclass(frozen=True, slots=True)
class LinkRow:
    id: str
    url: str
    name: str
    link: LinkFacts


@staff_page
def tokens(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show every customer's link; a POST makes, mails or ends some, and shows in its answer what it made."""
    if request.method != "POST":
        return _list(request, viewer, Made())
    action, chosen = chosen_customers(request, viewer)
    if request.POST.get("all") == "yes" and "one" not in request.POST:
        chosen = list(_wanted(viewer, parameters_of(request, "q", "state")).select_related("business")[:MOST_AT_ONCE])
    if not chosen:
        messages.error(request, _("Nobody is selected."))
        return HttpResponseRedirect(request.get_full_path())
    if needs_consent(request, action):
        heading, text, button = question(action, chosen)
        context = {
            "heading": heading,
            "text": text,
            "button": button,
            "names": names_in_question(action, chosen),
            "hidden": [("do", action), *(("customer", customer.public_id) for customer in chosen)],
            "action": request.get_full_path(),
            "back": request.get_full_path(),
        }
        return staff_answer(request, viewer, "dashboard/confirm.html", context, nav="settings")
    made = carry_out(viewer, chosen, action, reader_formatter())
    tell(request, made, action)
    if not made.fresh:
        return HttpResponseRedirect(request.get_full_path())
    return _list(request, viewer, made)


def _wanted(viewer: StaffViewer, params: dict[str, str]) -> QuerySet[Customer]:
    """The customers that the search and the state in the address leave, by name."""
    state = cast("LinkState", params["state"]) if params.get("state") in _STATES else None
    rows = searched(customers_by_link(viewer, state), viewer.business.pk, params.get("q", ""))
    return rows.order_by("sort_name", "pk")


def _list(request: HttpRequest, viewer: StaffViewer, made: Made) -> HttpResponse:
    fmt = reader_formatter()
    params = parameters_of(request, "q", "state")
    list_state = ListState(reverse("tokens"), params)
    shown, pages, total = paginate(request, _wanted(viewer, params), fmt, list_state)
    links = newest_links(viewer, [customer.pk for customer in shown])
    context: dict[str, Any] = {
        "form": LinkFilter(initial=params, auto_id="filter_%s"),
        "rows": [
            LinkRow(
                id=customer.public_id,
                url=reverse("customer", args=[customer.public_id]),
                name=customer.name,
                link=link_facts(links.get(customer.pk), viewer.business, fmt),
            )
            for customer in shown
        ],
        "pages": pages,
        "total": total,
        "all": min(total, MOST_AT_ONCE) if total > len(shown) else 0,
        "filtered": bool(params),
        "made": made,
        "portal_enabled": viewer.business.portal_enabled,
        "life": viewer.business.link_life_days,
        "action": request.get_full_path(),
    }
    return staff_answer(request, viewer, "dashboard/links/list.html", context, nav="settings", part="results")
