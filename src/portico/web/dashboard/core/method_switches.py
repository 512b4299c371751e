"""Which ways to pay are offered to a customer or for an invoice: a box for each, ticked while it is."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.payments.actions.disable_methods import disable_methods
from portico.domain.payments.models import Method
from portico.output.wording.methods import method_label
from portico.web.dashboard.core.layout import staff_answer

_SWITCHES = [method for method in Method if method != Method.OTHER]


class MethodSwitchesForm(forms.Form):
    """A switch for each way to pay."""

    def __init__(self, subject: Customer | Document, typed: Any = None) -> None:
        super().__init__(typed, auto_id="method_%s")
        for method in _SWITCHES:
            box = forms.CheckboxInput({"class": "po-check"})
            self.fields[method] = forms.BooleanField(label=method_label(method), required=False, widget=box)
            self.initial[method] = method not in subject.disabled_methods

    @property
    def disabled(self) -> list[str]:
        """The ways that are switched off; call it on a valid form."""
        return [method for method in _SWITCHES if not self.cleaned_data[method]]


def method_switches_page(
    request: HttpRequest, viewer: StaffViewer, subject: Customer | Document, *, title: str, back: tuple[str, str]
) -> HttpResponse:
    """Show the switches of a customer or an invoice; a POST keeps them and goes back to its page (URL, label)."""
    if request.method == "POST":
        form = MethodSwitchesForm(subject, request.POST)
        if form.is_valid():
            disable_methods(subject, form.disabled, by=viewer.actor)
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(back[0])
    context = {"form": MethodSwitchesForm(subject), "title": title, "back_url": back[0], "back_label": back[1]}
    nav = "documents" if isinstance(subject, Document) else "customers"
    return staff_answer(request, viewer, "dashboard/method_switches.html", context, nav=nav)


def disabled_label(subject: Customer | Document) -> list[str]:
    """Return what the ways are called that are not offered."""
    return [str(method_label(method)) for method in subject.disabled_methods]
