"""Choosing whose document it is going to be."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from portico.domain.access.queries import customers as customers_of
from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.queries import searched
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.drafts.template import Template

_AT_MOST = 30
# What a form that was typed does not carry along while another customer is looked for.
_OF_THE_PAGE = ("csrfmiddlewaretoken", "do", "customer", "chosen", "q")


class SearchForm(forms.Form):
    """What narrows the customers."""

    q = forms.CharField(
        label=gettext_lazy("Customer"),
        required=False,
        widget=forms.TextInput({"class": "po-input", "autofocus": True, "autocomplete": "off", "type": "search"}),
    )


def choose_customer(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the customers that a name, a number or an address finds, each leading to the form."""
    kept = [(name, request.GET[name]) for name in ("kind", "copy") if request.GET.get(name)]
    here = reverse("new_draft")
    base = f"{here}?{urlencode([*kept, ('customer', '')])}"
    return _page(request, viewer, {"kept": [*kept, ("choose", "1")], "here": here, "base": base, "chosen": ""})


def choose_another(request: HttpRequest, viewer: StaffViewer, template: Template) -> HttpResponse:
    """Show them to somebody who has typed already: what was typed goes along, and back into the form."""
    typed = [(name, value) for name, value in request.POST.items() if name not in _OF_THE_PAGE]
    now = template.customer.public_id
    context = {"kept": [*typed, ("customer", now)], "here": template.action, "chosen": now}
    return _page(request, viewer, context)


def _page(request: HttpRequest, viewer: StaffViewer, context: dict[str, Any]) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    words = asked.get("q", "").strip().replace("\0", "")
    rows = searched(customers_of(viewer).filter(archived_at=None), viewer.business.pk, words)
    found = list(rows.order_by("sort_name", "id")[: _AT_MOST + 1])
    shown = {
        "form": SearchForm(asked),
        "rows": [(row.name, row.external_id or row.email, row.public_id) for row in found[:_AT_MOST]],
        "has_more": len(found) > _AT_MOST,
        "words": words,
        "new_url": reverse("new_customer"),
    }
    template = "dashboard/drafts/choose_customer.html"
    return staff_answer(request, viewer, template, context | shown, nav="documents", part="results")
