"""A promise to pay an invoice: made, changed and withdrawn by the customer. It is no payment."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from portico.domain.access.viewer import CustomerViewer
from portico.domain.businesses.queries import Way
from portico.domain.documents.how_to_pay import how_to_pay
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.queries import document
from portico.domain.payments.actions.promise import PromiseInput, promise, withdraw_promise
from portico.domain.payments.disabled import disabled_methods
from portico.domain.payments.errors import NotPayable
from portico.domain.payments.models import Method, PaymentPromise
from portico.lib.errors import Invalid
from portico.lib.money import to_major
from portico.output.wording.bank import pay_to_text
from portico.output.wording.methods import method_label
from portico.web.portal.core.bank_boxes import way_instructions
from portico.web.portal.core.gate import FORM, portal_page
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.offline_ways import offline_ways
from portico.web.portal.core.promised import promise_message, promises
from portico.web.portal.core.urls import item_url
from portico.web.shared.days import day_input
from portico.web.shared.money_field import MoneyField
from portico.web.shared.page import reader_formatter

_INPUT = {"class": "po-input"}


class PromiseForm(forms.Form):
    """How much of an invoice will be paid, on which day and how."""

    def __init__(self, invoice: Document, methods: Mapping[Method, str], **values: Any) -> None:
        super().__init__(auto_id="promise_%s", **values)
        day = day_input()
        said = {"invalid": _("Enter a day."), "required": _("Enter the day on which you will pay.")}
        self.fields["amount"] = MoneyField(invoice.currency, label=_("Amount"))
        self.fields["promised_on"] = forms.DateField(
            label=_("You pay on"), input_formats=["%Y-%m-%d"], widget=day, error_messages=said
        )
        self.fields["method"] = forms.ChoiceField(
            label=_("How you pay"),
            choices=[(str(method), method_label(method)) for method in methods],
            widget=forms.Select(_INPUT),
        )
        self.fields["reference"] = _text(
            _("Reference, if you know it"), 140, forms.TextInput({**_INPUT, "dir": "auto"})
        )
        self.fields["note"] = _text(_("Note"), 500, forms.Textarea({**_INPUT, "dir": "auto", "rows": 2}))

    def add_refusal(self, error: Invalid) -> None:
        """Put what the domain refuses at its field, in the reader's language."""
        said = {
            "/amount": _("That is more than is open on the invoice."),
            "/method": _("This amount can’t be paid this way. Please choose another one."),
            "/promised_on": _("Choose a day from today on, within a year."),
        }
        for wrong in error.fields:
            self.add_error(wrong.pointer[1:], said.get(wrong.pointer, wrong.message))


def _text(label: str, longest: int, widget: forms.Widget) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=longest, widget=widget, validators=[ProhibitNullCharactersValidator()]
    )


@portal_page("allow_promises", methods=FORM, opens={Kind.INVOICE})
def promise_to_pay(request: HttpRequest, viewer: CustomerViewer, name: str) -> HttpResponse:
    """Show the form; a POST makes the promise in place of an earlier one, or with `withdraw` takes it back."""
    invoice = document(viewer, name, Kind.INVOICE)
    back = HttpResponseRedirect(item_url("invoice", invoice.public_id), status=303)
    methods = _methods(viewer, invoice)
    if request.method != "POST":
        if not invoice.is_owed or not methods:
            return back
        return _page(request, viewer, invoice, PromiseForm(invoice, methods, initial=_initial(viewer, invoice)))
    if "withdraw" in request.POST:
        withdraw_promise(invoice, by=viewer.actor)
        return back
    form = PromiseForm(invoice, methods, data=request.POST)
    if not form.is_valid():
        return _page(request, viewer, invoice, form, status=422)
    values = form.cleaned_data | {"method": Method(form.cleaned_data["method"])}
    try:
        promise(invoice, PromiseInput(**values), by=viewer.actor)
    except Invalid as error:
        form.add_refusal(error)
        return _page(request, viewer, invoice, form, status=422)
    except NotPayable:
        # Paid or voided since the form was opened: the invoice's page says so.
        return back
    return back


def _methods(viewer: CustomerViewer, invoice: Document) -> dict[Method, str]:
    """Return the ways that can be promised, each with what the business says about it."""
    said = way_instructions(viewer, reader_formatter())
    place = how_to_pay(viewer.business, invoice)
    transfer = [said.get(Way.BANK_TRANSFER, ""), pay_to_text(place) if place else ""]
    ways = {Method.CHECK: said.get(Way.CHECK, ""), Method.CASH: said.get(Way.CASH, "")}
    offered = {
        Method.BANK_TRANSFER: "\n\n".join(filter(None, transfer)),
        **{method: text for method, text in ways.items() if text},
    }
    disabled = disabled_methods(viewer.customer, [invoice])
    taken = offline_ways(viewer, invoice.currency, invoice.open_amount)
    return {method: text for method, text in offered.items() if method in taken and method not in disabled}


def _initial(viewer: CustomerViewer, invoice: Document) -> dict[str, Any]:
    made = promises(viewer).get(invoice.pk)
    if made is None:
        return {
            "amount": to_major(invoice.open_amount, invoice.currency),
            "promised_on": max(invoice.deadline or viewer.business.today(), viewer.business.today()),
            "reference": invoice.number,
        }
    amount = min(made.amount, invoice.open_amount)
    kept = {name: getattr(made, name) for name in ("promised_on", "method", "reference", "note")}
    return kept | {"amount": to_major(amount, invoice.currency)}


def _page(
    request: HttpRequest, viewer: CustomerViewer, invoice: Document, form: PromiseForm, *, status: int = 200
) -> HttpResponse:
    fmt = reader_formatter()
    made: PaymentPromise | None = promises(viewer).get(invoice.pk)
    methods = _methods(viewer, invoice)
    context = {
        "form": form,
        "number": invoice.number,
        "open": fmt.money(invoice.open_amount, invoice.currency),
        "made": promise_message(made, fmt) if made else "",
        "back_url": item_url("invoice", invoice.public_id),
        "ways": [(method_label(method), text) for method, text in methods.items() if text],
    }
    return customer_page(request, viewer, "portal/pay/promise.html", context, nav="activity", status=status)
