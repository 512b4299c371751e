"""What customers may pay in the portal."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.viewer import StaffViewer
from portico.domain.businesses.actions.change_settings import PAYMENT_SETTINGS, change_payment_settings
from portico.domain.businesses.models import Business
from portico.domain.payments.models.autopay import MOST_DELAY_DAYS
from portico.lib.money import to_major
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.shared.money_field import MoneyField


def _switch(label: Any, help_text: Any) -> forms.BooleanField:
    widget = forms.CheckboxInput({"class": "po-check"})
    return forms.BooleanField(label=label, help_text=help_text, required=False, widget=widget)


class PaymentSettingsForm(forms.Form):
    """What customers may do on the pay page, as it is kept on the business."""

    allow_partial_payments = _switch(
        gettext_lazy("Let customers pay a part of an invoice"),
        gettext_lazy("They may change the amount of each invoice on the pay page. Off: an invoice is paid whole."),
    )
    allow_advance_payments = _switch(
        gettext_lazy("Let customers pay in advance"),
        gettext_lazy("Money without an invoice, which stays as the customer's credit for later ones."),
    )
    allow_credits = _switch(
        gettext_lazy("Let customers use their credits"),
        gettext_lazy("They choose credit notes and payments on account on the pay page, and pay the rest."),
    )

    allow_autopay = _switch(
        gettext_lazy("Offer AutoPay"),
        gettext_lazy(
            "Invoices of customers who enroll are collected automatically. While this is off, nothing is collected;"
            " enrolled customers continue once it is on again."
        ),
    )
    autopay_delay_days = forms.IntegerField(
        label=gettext_lazy("AutoPay collects after (days)"),
        help_text=gettext_lazy("0 to 60 days after the invoice's date. A customer may have a number of its own."),
        required=False,
        min_value=0,
        max_value=MOST_DELAY_DAYS,
        widget=forms.NumberInput({"class": "po-input", "inputmode": "numeric"}),
    )

    plans_need_approval = _switch(
        gettext_lazy("Customers approve payment plans"),
        gettext_lazy("A new plan counts once its customer has approved it. Each plan can say otherwise."),
    )

    def __init__(self, business: Business, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        help_text = _(
            "Of each invoice in %(currency)s, or in advance. An invoice of less is paid whole. Empty: any amount."
        )
        self.fields["partial_payment_minimum"] = MoneyField(
            business.currency,
            label=_("Least amount (%(currency)s)") % {"currency": business.currency},
            help_text=help_text % {"currency": business.currency},
            required=False,
        )


@staff_page
def payment_settings(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the settings; a POST keeps them when all are valid, and otherwise keeps what was typed on the page."""
    business = viewer.business
    if request.method == "POST":
        form = PaymentSettingsForm(business, request.POST, auto_id="payments_%s")
        if form.is_valid():
            changes = form.cleaned_data | {
                "partial_payment_minimum": form.cleaned_data["partial_payment_minimum"] or 0,
                "autopay_delay_days": form.cleaned_data["autopay_delay_days"] or 0,
            }
            change_payment_settings(business, changes, by=viewer.actor)
            messages.success(request, _("The settings are saved."))
            return HttpResponseRedirect(reverse("payment_settings"))
        status = 422
    else:
        form, status = PaymentSettingsForm(business, initial=_initial(business), auto_id="payments_%s"), 200
    context = {"form": form}
    return staff_answer(request, viewer, "dashboard/settings/payments.html", context, nav="settings", status=status)


def _initial(business: Business) -> dict[str, Any]:
    initial: dict[str, Any] = {name: getattr(business, name) for name in PAYMENT_SETTINGS}
    minimum = business.partial_payment_minimum
    return initial | {"partial_payment_minimum": to_major(minimum, business.currency) if minimum else None}
