"""The list of a business's customers: who owes what, what is past due, whose link works."""

from dataclasses import dataclass

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portico.domain.access.links.queries.portal_links import newest_links
from portico.domain.access.queries import customers as customers_of
from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.models import Customer
from portico.domain.customers.queries import searched
from portico.domain.documents.customer_balances import (
    balances_of,
    past_due_of,
    rank_by_balance,
    rank_by_past_due,
    with_balance,
    with_past_due,
)
from portico.lib.l10n import Formatter
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.link_labels import LinkFacts, link_facts
from portico.web.dashboard.core.listing import (
    ListState,
    Sort,
    chosen_sort,
    in_order,
    list_exports,
    paginate,
    parameters_of,
)
from portico.web.shared.page import reader_formatter

_FIELDS = {"name": ["sort_name"], "balance": ["rank", "sort_name"], "past_due": ["rank", "sort_name"]}


class CustomerFilter(forms.Form):
    """What narrows the list."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput({"class": "po-input"}))
    owes = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("All customers")),
            ("balance", _("With a balance")),
            ("past_due", _("Past due")),
            ("archived", _("Archived")),
        ],
        widget=forms.Select({"class": "po-input"}),
    )


@dataclass(frozen=True, slots=True)
class CustomerRow:
    url: str
    name: str
    email: str
    external_id: str
    link: LinkFacts
    balances: list[str]
    past_due: list[str]


@staff_page
def customers(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the customers, searched, narrowed, sorted and page by page."""
    fmt = reader_formatter()
    params = parameters_of(request, "q", "owes", "sort")
    sort = chosen_sort(request, list(_FIELDS), "name")
    list_state = ListState(reverse("customers"), params)
    shown, pages, total = paginate(request, chosen_customers(request, viewer), fmt, list_state)
    context = {
        "form": CustomerFilter(initial=params, auto_id="filter_%s"),
        "rows": _rows(viewer, shown, fmt),
        "columns": list_state.columns(_sorts(viewer), sort),
        "pages": pages,
        "total": total,
        "exports": list_exports("customers", list_state),
        "filtered": bool(params.keys() & {"q", "owes"}),
        "sort": params.get("sort", ""),
    }
    return staff_answer(request, viewer, "dashboard/customers/list.html", context, nav="customers", part="results")


def chosen_customers(request: HttpRequest, viewer: StaffViewer) -> QuerySet[Customer]:
    """Return the customers that the address asks for, narrowed and in order."""
    sort = chosen_sort(request, list(_FIELDS), "name")
    return in_order(_narrowed(viewer, parameters_of(request, "q", "owes"), sort), sort, _FIELDS)


def _narrowed(viewer: StaffViewer, params: dict[str, str], sort: str) -> QuerySet[Customer]:
    rows = searched(customers_of(viewer), viewer.business.pk, params.get("q", ""))
    today = viewer.business.today()
    rows = rows.filter(archived_at__isnull=params.get("owes") != "archived")
    if params.get("owes") == "past_due":
        rows = with_past_due(rows, viewer, today)
    elif params.get("owes") == "balance":
        rows = with_balance(rows, viewer)
    if sort.endswith("balance"):
        return rank_by_balance(rows, viewer.business.currency)
    if sort.endswith("past_due"):
        return rank_by_past_due(rows, viewer, viewer.business.currency, today)
    return rows


def _sorts(viewer: StaffViewer) -> list[Sort]:
    return [
        Sort("name", str(_("Customer"))),
        Sort("link", str(_("Link")), sortable=False),
        Sort("past_due", str(_("Past due")), numeric=True, classes="po-c-extra"),
        Sort("balance", str(_("Balance")), numeric=True),
    ]


def _rows(viewer: StaffViewer, shown: list[Customer], fmt: Formatter) -> list[CustomerRow]:
    keys = [customer.pk for customer in shown]
    links = newest_links(viewer, keys)
    balances, late = balances_of(viewer, keys), past_due_of(viewer, keys, viewer.business.today())
    return [
        CustomerRow(
            url=reverse("customer", args=[customer.public_id]),
            name=customer.name,
            email=customer.email,
            external_id=customer.external_id,
            link=link_facts(links.get(customer.pk), viewer.business, fmt),
            balances=[fmt.money(amount, currency) for currency, amount in balances.get(customer.pk, [])],
            past_due=[fmt.money(amount, currency) for currency, amount in late.get(customer.pk, [])],
        )
        for customer in shown
    ]
