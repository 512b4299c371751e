"""Putting what is unapplied of a payment against an invoice."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portico.domain.access.viewer import StaffViewer
from portico.domain.ledger.queries import item_of
from portico.domain.payments.queries import payment as payment_of
from portico.web.dashboard.core.credits import apply_from_form, form_for_credit
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.payments.detail import payment_page
from portico.web.shared.page import reader_formatter


@require_POST
@staff_page
def apply_payment(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Put what is unapplied of a payment against an invoice of its customer."""
    found, fmt = payment_of(viewer, name), reader_formatter()
    credit = item_of(found.item_id)
    form = form_for_credit(viewer, found.customer, credit, fmt, request.POST)
    if form is None:
        messages.error(request, _("There is nothing to apply any more."))
    elif form.is_valid() and apply_from_form(viewer, form, credit=credit, invoice=None):
        money = fmt.money(form.cleaned_data["amount"], found.currency)
        messages.success(request, _("%(amount)s is applied.") % {"amount": money})
    else:
        return payment_page(request, viewer, found, apply_form=form)
    return HttpResponseRedirect(reverse("payment", args=[found.public_id]))
