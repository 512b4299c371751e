"""Collecting an invoice now, by what its customer has saved."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portico.domain.access.portal_urls import portal_base
from portico.domain.access.viewer import StaffViewer
from portico.domain.documents.kinds import Kind
from portico.domain.documents.models import Document
from portico.domain.documents.queries import document as document_of
from portico.domain.payments.actions.ask_provider import ask_provider
from portico.domain.payments.actions.start_attempt import AttemptInput, ShareInput, start_attempt
from portico.domain.payments.models import AttemptState, Method, PaymentAttempt
from portico.domain.payments.offered import offer_of
from portico.lib.errors import PorticoError
from portico.output.wording.payment_methods import failure_message
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.documents.collecting import CollectForm, collect_form
from portico.web.dashboard.documents.detail import document_page
from portico.web.shared.page import reader_formatter


@require_POST
@staff_page
def collect_invoice(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Charge some or all of what is open of an invoice to a saved method, and say what became of it."""
    found = document_of(viewer, name, Kind.INVOICE)
    form = collect_form(viewer, found, request.POST)
    if form is None:
        messages.error(request, _("There is nothing to collect any more."))
        return _to(found)
    if not form.is_valid():
        return document_page(request, viewer, found, collect_form=form)
    try:
        attempt = _collected(viewer, found, form)
    except PorticoError as error:
        return document_page(request, viewer, found, collect_form=form, refusal=form.refuse(error))
    money = {"amount": reader_formatter().money(attempt.charged, attempt.currency)}
    if attempt.state == AttemptState.SUCCEEDED:
        messages.success(request, _("%(amount)s is collected.") % money)
    elif attempt.is_active:
        messages.success(request, _("%(amount)s is being collected; this page shows when it is done.") % money)
    else:
        why = {"why": failure_message(attempt)}
        messages.error(request, _("%(amount)s was not collected. %(why)s") % (money | why))
    return _to(found)


def _collected(viewer: StaffViewer, found: Document, form: CollectForm) -> PaymentAttempt:
    method, amount = form.chosen, form.cleaned_data["amount"]
    data = AttemptInput(
        submission=form.cleaned_data["submission"],
        currency=found.currency,
        method=Method(method.kind),
        shares=[ShareInput(found, amount)],
        fee=offer_of(method, found.currency).fee_on(amount),
        saved_method=method,
        off_session=True,
        receipt_email=found.customer.email,
    )
    attempt = start_attempt(found.customer, method.gateway_account, data, by=viewer.actor)
    return ask_provider(attempt, by=viewer.actor, return_url=portal_base(viewer.business))


def _to(found: Document) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("document", args=[found.public_id]))
