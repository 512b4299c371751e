"""The list of payments, of the business or of one customer."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.models import Customer
from portico.domain.payments.models import Method, Payment
from portico.domain.payments.queries import payments as payments_of
from portico.domain.payments.search import searched
from portico.lib.l10n import Formatter
from portico.output.wording.methods import method_label
from portico.web.dashboard.core.customer_page import customer_answer
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
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
from portico.web.shared.status import Tag, payment_tag

_FIELDS = {"number": ["number"], "date": ["paid_on"], "amount": ["currency", "amount"]}


def _methods() -> list[tuple[str, str]]:
    return [("", _("Every method")), *((str(method), method_label(method)) for method in Method)]


class PaymentFilter(forms.Form):
    """What narrows the list."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, widget=forms.TextInput({"class": "po-input"}))
    method = forms.ChoiceField(
        label=gettext_lazy("Method"),
        required=False,
        choices=_methods,
        widget=forms.Select({"class": "po-input"}),
    )


@dataclass(frozen=True, slots=True)
class PaymentRow:
    url: str
    number: str
    customer: str
    customer_url: str
    date: str
    how: str
    tag: Tag
    amount: str
    unapplied: str


@staff_page
def payments(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the payments the business has received."""
    context = payment_listing(request, viewer, reverse("payments"))
    return staff_answer(request, viewer, "dashboard/payments/list.html", context, nav="payments", part="results")


@staff_page
def customer_payments(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show a customer's payments."""
    found = customer_of(viewer, name)
    context = payment_listing(request, viewer, reverse("customer_payments", args=[found.public_id]), found)
    return customer_answer(
        request, viewer, found, "payments", "dashboard/payments/of_customer.html", context, part="results"
    )


def payment_listing(
    request: HttpRequest, viewer: StaffViewer, base: str, customer: Customer | None = None
) -> dict[str, Any]:
    """Return what `dashboard/payments/results.html` shows: the business's payments, or one customer's."""
    fmt = reader_formatter()
    params = parameters_of(request, "q", "method", "sort")
    list_state = ListState(base, params)
    shown, pages, total = paginate(request, chosen_payments(request, viewer, customer), fmt, list_state)
    sort = chosen_sort(request, list(_FIELDS), "-date")
    return {
        "form": PaymentFilter(initial=params, auto_id="filter_%s"),
        "base": base,
        "sort": params.get("sort", ""),
        "rows": [_row(payment, fmt, customer) for payment in shown],
        "columns": list_state.columns(_sorts(customer), sort),
        "with_customer": customer is None,
        "exports": list_exports("payments", list_state) if customer is None else None,
        "pages": pages,
        "total": total,
        "filtered": bool(params.keys() & {"q", "method"}),
    }


def chosen_payments(request: HttpRequest, viewer: StaffViewer, customer: Customer | None = None) -> QuerySet[Payment]:
    """Return the payments that the address asks for, narrowed and in order: the business's, or one customer's."""
    params = parameters_of(request, "q", "method")
    rows = payments_of(viewer)
    rows = rows.filter(customer=customer) if customer else rows.select_related("customer")
    rows = searched(rows, viewer, params.get("q", ""))
    if params.get("method") in Method.values:
        rows = rows.filter(method=params["method"])
    return in_order(rows, chosen_sort(request, list(_FIELDS), "-date"), _FIELDS)


def _sorts(customer: Customer | None) -> list[Sort]:
    sorts = [Sort("number", _("Number"))]
    if customer is None:
        sorts.append(Sort("customer", _("Customer"), sortable=False))
    return [
        *sorts,
        Sort("date", _("Paid on")),
        Sort("how", _("Method"), sortable=False),
        Sort("state", _("State"), sortable=False),
        Sort("unapplied", _("Unapplied"), numeric=True, sortable=False),
        Sort("amount", _("Amount"), numeric=True),
    ]


def _row(payment: Payment, fmt: Formatter, customer: Customer | None) -> PaymentRow:
    owner = customer or payment.customer
    return PaymentRow(
        url=reverse("payment", args=[payment.public_id]),
        number=payment.number,
        customer=owner.name,
        customer_url=reverse("customer", args=[owner.public_id]),
        date=fmt.date(payment.paid_on),
        how=" · ".join(filter(None, [method_label(payment.method), payment.reference])),
        tag=payment_tag(payment),
        amount=fmt.money(payment.amount, payment.currency),
        unapplied=fmt.money(payment.unapplied, payment.currency) if payment.unapplied else "",
    )
