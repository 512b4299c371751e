"""Paying: the page with what is to be paid and how, and what happens when it is sent."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from portico.domain.access.programs.actions.rate_limit import Limit, hit
from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents.models import Kind
from portico.domain.documents.plans import PlanState
from portico.domain.payments.actions.ask_provider import ask_provider
from portico.domain.payments.actions.check_out import Payer, check_out
from portico.domain.payments.models import AttemptState, PaymentAttempt
from portico.domain.payments.offered import offers
from portico.domain.payments.queries import attempt as attempt_of
from portico.domain.payments.queries import attempt_of_form, failed_lately, open_credits, shares_of
from portico.lib.errors import NotFound, PorticoError
from portico.lib.money import to_major
from portico.lib.visitors import subnet_of
from portico.web.portal.core.gate import FORM, portal_page
from portico.web.portal.core.planned import amounts_asked, plans
from portico.web.portal.core.urls import item_url, page_url
from portico.web.portal.pay.labels import refusal_message, retry_message
from portico.web.portal.pay.pay_form import PayForm, submission_of
from portico.web.portal.pay.pay_page import pay_page
from portico.web.portal.pay.return_url import return_url
from portico.web.portal.pay.selection import Selection, selection_of

# Trying out stolen cards takes many tries; paying takes a few.
_FAILURES, _WITHIN = 8, timedelta(hours=1)
_FROM_NETWORK = Limit("payments of a network", 60, timedelta(hours=1))


@sensitive_post_parameters()
# kinds: invoices are paid, and estimates ask for deposits
@portal_page(methods=FORM, opens={Kind.INVOICE, Kind.ESTIMATE}, signs_in=True)
def pay(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Show what is to be paid and how; a POST pays it, or with `update` only works out the total again."""
    selection = selection_of(request, viewer)
    if request.method == "POST":
        return _sent(request, viewer, selection)
    if selection.named and len(selection.invoices) == 1 and "whole" not in request.GET:
        plan = plans(viewer).get(selection.invoices[0].pk)
        if plan is not None and plan.state == PlanState.AWAITING_APPROVAL:
            return HttpResponseRedirect(item_url("payment_plan", plan.document.public_id), status=303)
    again = _again(request, viewer)
    form = _form(viewer, selection, initial=_initial(viewer, again), amounts=_amounts(viewer, selection, again))
    return pay_page(request, viewer, selection, form, alert=retry_message(again) if again else "")


def _sent(request: HttpRequest, viewer: CustomerViewer, selection: Selection) -> HttpResponse:
    if not selection.asks:
        return _overtaken(request, viewer, selection)
    form = _form(viewer, selection, typed=request.POST.copy())
    valid = form.is_valid()
    if "update" in request.POST:
        return pay_page(request, viewer, selection, form.with_amount_errors_only().shown_again())
    if not valid:
        return pay_page(request, viewer, selection, form.shown_again(), status=422)
    if _tries_too_much(viewer):
        words = _("Too many payments were tried. Nothing was charged. Please wait an hour, or pay by bank transfer.")
        return pay_page(request, viewer, selection, form.shown_again(), alert=words, status=429)
    try:
        attempt = check_out(viewer.customer, form.checkout, _payer(form), by=viewer.actor)
    except PorticoError as refusal:
        return _refused(request, viewer, form, refusal)
    if attempt is None:
        paid = [("invoice", row.public_id) for row in selection.invoices]
        return HttpResponseRedirect(f"{page_url('credits_applied')}?{urlencode(paid)}", status=303)
    attempt = ask_provider(attempt, by=viewer.actor, return_url=return_url(request, attempt), details=form.details)
    return _outcome(request, viewer, form, attempt)


def _overtaken(request: HttpRequest, viewer: CustomerViewer, selection: Selection) -> HttpResponse:
    """Lead on to the payment that this form has made, as by a double click or in another tab; else say what is so."""
    attempt = attempt_of_form(viewer, request.POST.get("submission", ""))
    url = item_url("payment_attempt", attempt.public_id) if attempt else selection.url()
    if request.headers.get("HX-Request"):
        # The script asked for the total alone: there is another page to be seen.
        return HttpResponse(headers={"HX-Redirect": url})
    if attempt is not None:
        return HttpResponseRedirect(url, status=303)
    why = "payment_in_progress" if selection.waiting else "not_payable"
    return pay_page(request, viewer, selection, _form(viewer, selection), alert=refusal_message(why), status=409)


def _tries_too_much(viewer: CustomerViewer) -> bool:
    network = subnet_of(viewer.ip)
    return failed_lately(viewer, _WITHIN) >= _FAILURES or bool(network and not hit(_FROM_NETWORK, network))


def _refused(request: HttpRequest, viewer: CustomerViewer, form: PayForm, refusal: PorticoError) -> HttpResponse:
    """Show the page as things are now, with what was typed, and why nothing was begun."""
    selection = selection_of(request, viewer)
    form = _form(viewer, selection, typed=form.sent)
    form.is_valid()
    return pay_page(
        request,
        viewer,
        selection,
        form.with_amount_errors_only().shown_again(),
        alert=refusal_message(refusal.code),
        status=refusal.status,
    )


def _outcome(request: HttpRequest, viewer: CustomerViewer, form: PayForm, attempt: PaymentAttempt) -> HttpResponse:
    url = item_url("payment_attempt", attempt.public_id)
    if attempt.state in {AttemptState.FAILED, AttemptState.CANCELED}:
        # Nothing of what was typed is lost, but for the card's numbers.
        return pay_page(request, viewer, form.selection, form.shown_again(), alert=retry_message(attempt), status=422)
    if attempt.state == AttemptState.REQUIRES_ACTION:
        return HttpResponseRedirect(f"{url}?go=1", status=303)
    return HttpResponseRedirect(url, status=303)


def _form(viewer: CustomerViewer, selection: Selection, **values: Any) -> PayForm:
    offered = offers(viewer, selection.currency, selection.parts) if selection.asks else []
    may_use = viewer.business.allow_credits and bool(selection.invoices)
    credits = open_credits(viewer, selection.currency) if may_use else []
    return PayForm(viewer, selection, offered, credits, **values)


def _payer(form: PayForm) -> Payer | None:
    if form.chosen is None:
        return None
    cleaned = form.cleaned_data
    return Payer(
        offer=form.chosen,
        submission=cleaned["submission"] or submission_of(form.viewer, form.selection),
        saves_method=cleaned.get("save_method", False),
        enrols_autopay=cleaned.get("enrol_autopay", False),
        receipt_email=cleaned.get("receipt_email", ""),
    )


def _again(request: HttpRequest, viewer: CustomerViewer) -> PaymentAttempt | None:
    """Return the attempt that came to nothing and whose choices are filled in again."""
    name = request.GET.get("again", "")
    try:
        found = attempt_of(viewer, name) if name else None
    except NotFound:
        return None
    return found if found and found.state in {AttemptState.FAILED, AttemptState.CANCELED} else None


def _initial(viewer: CustomerViewer, again: PaymentAttempt | None) -> Mapping[str, Any]:
    email = viewer.session.email or viewer.customer.email if viewer.has_account else ""
    if again is None:
        return {"receipt_email": email}
    saved = again.saved_method
    return {
        "receipt_email": again.receipt_email or email,
        "method": saved.public_id if saved else f"{again.gateway_account.gateway}:{again.method}",
        "credit": [share.credit.ref.public_id for share in shares_of(again) if share.credit],
        "amount": to_major(again.amount, again.currency),
    }


def _amounts(viewer: CustomerViewer, selection: Selection, again: PaymentAttempt | None) -> Mapping[UUID, int]:
    """Return what stands at invoices first: what was tried before, else what a payment plan asks for now."""
    if again is None:
        return amounts_asked(viewer, selection.invoices)
    amounts: dict[UUID, int] = {}
    for share in shares_of(again):
        amounts[share.document_id] = amounts.get(share.document_id, 0) + share.amount
    return amounts
