"""Saving a payment method without paying: the form. `to_bank.py` and `back.py` have the ways to the bank."""

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from portico.domain.access.programs.actions.rate_limit import Limit, hit
from portico.domain.access.viewer import CustomerViewer
from portico.domain.payments.actions.save_method import Setup, save_method
from portico.domain.payments.autopay import autopay_of
from portico.domain.payments.gateway import OutcomeState, ProviderUnreachable
from portico.domain.payments.models import Method
from portico.domain.payments.offered import Offer, offers
from portico.domain.payments.setup_key import setup_key
from portico.lib.ids import uuid7
from portico.output.wording.methods import method_label
from portico.output.wording.payment_methods import failure_of
from portico.web.portal.core.gate import FORM, portal_page
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.method_forms import method_form
from portico.web.portal.core.method_forms.method_form import MethodForm
from portico.web.portal.core.method_forms.way import Way, allow_scripts, scripts_of
from portico.web.portal.core.refusals import StepUpNeeded
from portico.web.portal.core.urls import page_url
from portico.web.portal.payment_methods.list import currency_of
from portico.web.portal.payment_methods.saved import saved
from portico.web.portal.payment_methods.to_bank import return_url, to_the_bank

_TEMPLATE = "portal/payment_methods/add.html"
# Trying out stolen cards takes many tries.
_PER_CUSTOMER = Limit("payment methods of a customer", 10, timedelta(hours=1))


class MethodFormSet(forms.Form):
    """The ways to pay that can be saved, each with its own fields, and whether the new method is the default."""

    def __init__(self, viewer: CustomerViewer, typed: QueryDict | None = None) -> None:
        super().__init__(typed, auto_id="method_%s")
        self.sent = typed
        found = [offer for offer in offers(viewer, currency_of(viewer)) if offer.saves]
        self.ways: dict[str, MethodForm] = {offer.value: method_form(offer) for offer in found}
        choices = [(offer.value, method_label(offer.method)) for offer in found]
        said = {"required": _("Choose a payment method."), "invalid_choice": _("Choose a payment method.")}
        self.fields["method"] = forms.ChoiceField(label=_("Payment method"), choices=choices, error_messages=said)
        for value, way in self.ways.items():
            for name, field in way.fields().items():
                # What belongs to another method is not asked for.
                field.required = field.required and value == self.chosen_value
                self.fields[name] = field
        self.fields["default"] = forms.BooleanField(
            label=_("Use it for AutoPay, and first when I pay"),
            required=False,
            initial=True,
            widget=forms.CheckboxInput({"class": "po-check"}),
        )

    @property
    def chosen_value(self) -> str:
        """The method that is chosen in the page as it stands; the first where none is."""
        value = str(self.data.get("method") or "")
        return value if value in self.ways else next(iter(self.ways), "")

    @property
    def offer(self) -> Offer:
        """The offer that is chosen; call it on a valid form."""
        return self.ways[self.chosen_value].offer

    @property
    def details(self) -> dict[str, str]:
        """What the provider is to save; call it on a valid form."""
        return self.ways[self.chosen_value].details(self.cleaned_data)

    def shown(self, currency: str) -> list[Way]:
        """Return the ways to pay as the page shows them, without card numbers."""
        kept = (self.sent or QueryDict()).copy()
        for name in {name for way in self.ways.values() for name in way.secret_fields}:
            kept.pop(name, None)
        self.data = kept
        return [
            Way(
                value=value,
                label=method_label(way.offer.method),
                words="",
                chosen=value == self.chosen_value,
                saves=True,
                template=way.template,
                fields=[self[name] for name in way.fields()],
                values=way.values(0, currency),
            )
            for value, way in self.ways.items()
        ]


@sensitive_post_parameters()
@portal_page(methods=FORM)
def add_method(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Show the form; a POST has the provider save what was typed, and leads on to the bank's page where it asks."""
    if not viewer.is_fresh:
        # The form is not kept meanwhile: card numbers are never written into a page.
        raise StepUpNeeded(viewer)
    form = MethodFormSet(viewer, request.POST.copy() if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, viewer, form)
    if not form.is_valid():
        return _page(request, viewer, form, status=422)
    if not hit(_PER_CUSTOMER, viewer.customer.public_id):
        return _page(request, viewer, form, alert=_("Too many were tried. Please wait an hour."), status=429)
    key, offer = setup_key(viewer.customer, request.POST.get("submission", "")), form.offer
    default = bool(form.cleaned_data["default"])
    back_url = return_url(request, viewer, offer.account.gateway, key, default=default)
    try:
        setup = save_method(
            viewer.customer,
            offer.account,
            Method(offer.method),
            form.details,
            key=key,
            return_url=back_url,
            by=viewer.actor,
        )
    except ProviderUnreachable:
        words = _("The bank gives no answer at the moment. Please try again in a few minutes.")
        return _page(request, viewer, form, alert=words, status=503)
    if setup.outcome.state == OutcomeState.REQUIRES_ACTION:
        return to_the_bank(request, viewer, setup.outcome.action_url, back_url)
    if setup.method is None:
        return _page(request, viewer, form, alert=_failed(setup, offer.method), status=422)
    return saved(viewer, setup.method, default=default)


def _failed(setup: Setup, method: str) -> str:
    why = failure_of(setup.outcome.failure_code, is_card=method == Method.CARD)
    return f"{why} {_('Nothing was saved.')}"


def _page(
    request: HttpRequest, viewer: CustomerViewer, form: MethodFormSet, *, alert: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "ways": form.shown(currency_of(viewer)),
        "scripts": scripts_of(form.ways.values()),
        # A new name each time: one that was declined is not the next one.
        "submission": str(uuid7()),
        "alert": alert,
        "uses_autopay": autopay_of(viewer.customer) is not None,
        "back_url": page_url("payment_methods"),
    }
    response = customer_page(request, viewer, _TEMPLATE, context, nav="billing_details", status=status)
    allow_scripts(response, form.ways.values())
    return response
