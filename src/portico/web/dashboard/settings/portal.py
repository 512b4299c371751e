"""What customers find in the portal: the master switch, how long links live, what is shown, the words on top."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.portal_urls import portal_base
from portico.domain.access.viewer import StaffViewer
from portico.domain.businesses.actions.change_settings import PORTAL_SETTINGS, change_portal_settings
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer

_INPUT = {"class": "po-input"}
_LONGEST_WELCOME = 500


def _switch(label: Any, help_text: Any) -> forms.BooleanField:
    widget = forms.CheckboxInput({"class": "po-check"})
    return forms.BooleanField(label=label, help_text=help_text, required=False, widget=widget)


class PortalSettingsForm(forms.Form):
    """The portal's switches and words, as they are kept on the business."""

    portal_enabled = _switch(
        gettext_lazy("Enable customer portal"),
        gettext_lazy(
            "When it is off, every link says that the portal is not available, whatever its own state. Switching it off"
            " signs every customer out; once it is on again, their links work as before."
        ),
    )
    link_life_days = forms.IntegerField(
        label=gettext_lazy("Links work for (days)"),
        help_text=gettext_lazy("1 to 365. Counts for links made from now on."),
        min_value=1,
        max_value=365,
        widget=forms.NumberInput({**_INPUT, "inputmode": "numeric"}),
    )
    show_sales_orders = _switch(
        gettext_lazy("Show sales orders"), gettext_lazy("Customers see their sales orders beside their invoices.")
    )
    show_credit_notes = _switch(
        gettext_lazy("Show credit notes"), gettext_lazy("Customers see the credit notes issued to them.")
    )
    show_statements = _switch(
        gettext_lazy("Show statements"), gettext_lazy("Customers see their statement of account with its ageing.")
    )
    allow_contact_edits = _switch(
        gettext_lazy("Let customers change their billing details"),
        gettext_lazy(
            "Addresses, phone, tax number, language, e-mail and contacts. You see every change in the timeline."
        ),
    )
    apply_credits_to_new_invoices = _switch(
        gettext_lazy("Apply open credits to new invoices"),
        gettext_lazy("Credit notes, the credit balance and money not applied yet, the oldest first."),
    )
    welcome_message = forms.CharField(
        label=gettext_lazy("Welcome message"),
        help_text=gettext_lazy("Shown on top of the customer's first page. At most 500 characters."),
        required=False,
        max_length=_LONGEST_WELCOME,
        widget=forms.Textarea({**_INPUT, "dir": "auto", "rows": 4, "data-count": str(_LONGEST_WELCOME)}),
    )
    allow_promises = _switch(
        gettext_lazy("Let customers promise a payment"),
        gettext_lazy("They say when they will pay an invoice by transfer, check or cash. You see it at the invoice."),
    )
    allow_messages = _switch(
        gettext_lazy("Let customers write messages"),
        gettext_lazy(
            "They ask about a document or in general, and you answer. When it is off, nobody sees any message."
        ),
    )


@staff_page
def portal_settings(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the settings; a POST keeps them when all are valid, and otherwise keeps what was typed on the page."""
    business = viewer.business
    if request.method == "POST":
        form = PortalSettingsForm(_one_kind_of_line_end(request), auto_id="portal_%s")
        if form.is_valid():
            change_portal_settings(business, form.cleaned_data, by=viewer.actor)
            messages.success(request, _("The settings are saved."))
            return HttpResponseRedirect(reverse("portal_settings"))
        status = 422
    else:
        initial = {name: getattr(business, name) for name in PORTAL_SETTINGS}
        form, status = PortalSettingsForm(initial=initial, auto_id="portal_%s"), 200
    context = {"form": form, "portal_url": portal_base(business)}
    return staff_answer(request, viewer, "dashboard/settings/portal.html", context, nav="settings", status=status)


def _one_kind_of_line_end(request: HttpRequest) -> dict[str, str]:
    """Browsers send two characters for a line end that they count as one; it is one here too."""
    return {name: str(value).replace("\r\n", "\n") for name, value in request.POST.items()}
