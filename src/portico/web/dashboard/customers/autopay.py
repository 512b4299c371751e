"""AutoPay of a customer, as staff see it: what it charges and when, how long it waits, and its end."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.models import Customer
from portico.domain.documents.models import PaymentPlan
from portico.domain.payments.actions.autopay import change_delay, leave
from portico.domain.payments.autopay import collections, collector, collector_of, default_method, delay_of, row_of
from portico.domain.payments.models.autopay import MOST_DELAY_DAYS
from portico.lib.l10n import Formatter
from portico.output.wording.payment_methods import saved_label
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.shared.collection_rows import CollectionRow, collection_rows

# How many invoices are named that are collected next.
_MOST = 5


@dataclass(frozen=True, slots=True)
class AutoPayFacts:
    """What a customer's page shows of AutoPay. `days` is the customer's own wait, empty for the business's."""

    is_on: bool
    is_offered: bool
    method: str
    waits: str
    days: int | None
    coming: list[CollectionRow]


class DelayForm(forms.Form):
    """How many days the customer's invoices wait; empty for as many as the business says."""

    days = forms.IntegerField(
        label=gettext_lazy("Collect after (days)"),
        help_text=gettext_lazy("0 to 60; empty for the number of your settings."),
        required=False,
        min_value=0,
        max_value=MOST_DELAY_DAYS,
        widget=forms.NumberInput({"class": "po-input", "inputmode": "numeric"}),
    )


def autopay_facts(found: Customer, plans: Iterable[PaymentPlan], viewer: StaffViewer, fmt: Formatter) -> AutoPayFacts:
    """Return what a customer's page shows; the caller has fetched the customer and its plans as the viewer."""
    autopay, method = row_of(found), default_method(found)
    planned = [row for row in collections(collector(autopay, plans)) if row.at is not None]
    coming = collection_rows(planned, viewer.business, fmt, lambda row: reverse("document", args=[row.public_id]))
    return AutoPayFacts(
        is_on=autopay.enrolled_at is not None,
        is_offered=viewer.business.allow_autopay,
        method=saved_label(method) if method else "",
        waits=_waits(autopay.days_to_wait, fmt),
        days=autopay.delay_days,
        coming=coming[:_MOST],
    )


def _waits(days: int, fmt: Formatter) -> str:
    if not days:
        return _("On the invoice's date")
    return _("%(days)s after its date") % {"days": ngettext("%(n)s day", "%(n)s days", days) % {"n": fmt.number(days)}}


@staff_page
def customer_autopay(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """End a customer's AutoPay, once that is confirmed, or keep how long its invoices wait."""
    found = customer_of(viewer, name)
    home, here = reverse("customer", args=[found.public_id]), reverse("customer_autopay", args=[found.public_id])
    if request.method == "POST" and request.POST.get("do") == "end":
        leave(found, by=viewer.actor)
        messages.success(request, _("AutoPay has ended. The customer is told by mail."))
        return HttpResponseRedirect(home)
    form = DelayForm(request.POST if request.method == "POST" else None, initial={"days": delay_of(found)})
    if request.method == "POST" and form.is_valid():
        change_delay(found, form.cleaned_data["days"], by=viewer.actor)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(home)
    is_on = bool(collector_of(found))
    context = {"form": form, "name": found.name, "is_on": is_on, "action": here, "home": home}
    status = 422 if request.method == "POST" else 200
    return staff_answer(request, viewer, "dashboard/customers/autopay.html", context, nav="customers", status=status)
