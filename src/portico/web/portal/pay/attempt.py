"""How far a payment has come: waiting for the bank's page, being processed, received or failed."""

from contextlib import suppress
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _

from portico.domain.access.viewer import CustomerViewer
from portico.domain.businesses.models import Business
from portico.domain.documents.models import Document, Kind
from portico.domain.payments.actions.ask_provider import cancel_attempt, read_outcome
from portico.domain.payments.gateway import ProviderRefused, ProviderUnreachable
from portico.domain.payments.models import AttemptPurpose, AttemptState, Method, PaymentAttempt
from portico.domain.payments.queries import attempt as attempt_of
from portico.domain.payments.queries import attempt_by_id, shares_of
from portico.lib.errors import NotFound
from portico.lib.l10n import Formatter, apart
from portico.output.wording.methods import method_label
from portico.output.wording.payment_methods import failure_message, saved_label
from portico.web.portal.core.gate import FORM, current_viewer, language_for, portal_page, public_page
from portico.web.portal.core.kinds import PAYMENT
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.notices import Notice, notice_page
from portico.web.portal.core.payable import pay_url
from portico.web.portal.core.urls import item_url, page_url
from portico.web.portal.pay.paid_line import PaidLine
from portico.web.portal.pay.return_url import attempt_in
from portico.web.shared.page import reader_formatter

_CANCELED = {AttemptState.FAILED, AttemptState.CANCELED}


@dataclass(frozen=True, slots=True)
class AttemptPage:
    """What the page shows of an attempt. `state` is received, processing, waiting or failed."""

    state: str
    heading: str
    amount: str
    words: list[str]
    lines: list[PaidLine]
    kept: str
    fee: str
    payment_url: str
    receipt_url: str
    action_url: str
    at_once: bool
    onward_url: str
    onward_label: str


# kinds: invoices are paid, and estimates ask for deposits
@portal_page(methods=FORM, opens={Kind.INVOICE, Kind.ESTIMATE})
def payment_attempt(request: HttpRequest, viewer: CustomerViewer, name: str) -> HttpResponse:
    """Say how far an attempt has come. A POST gives up one that waits for the customer, and leads on to the form."""
    attempt = attempt_of(viewer, name)
    if request.method == "POST":
        if attempt.state == AttemptState.REQUIRES_ACTION:
            attempt = _given_up(attempt, viewer)
        return HttpResponseRedirect(_next_url(attempt), status=303)
    shown = _page(viewer, attempt, reader_formatter(), at_once=bool(request.GET.get("go")))
    return customer_page(
        request, viewer, "portal/pay/attempt.html", {"attempt": shown}, nav="home", part="attempt_state"
    )


# Who left for a bank has a session where they left from.
@public_page(leads_over=False)
def payment_return(request: HttpRequest, business: Business, token: str) -> HttpResponse:
    """Take back a customer whom a provider sends: ask it what became of the attempt, and say so.

    It does not depend on a session, which may have ended while the bank's page was open.
    """
    try:
        attempt = attempt_by_id(business, attempt_in(token))
    except NotFound:
        return notice_page(request, business, Notice(_("There is nothing here"), _("Please check the address.")), 404)
    if attempt.is_active:
        # Without an answer the sweep asks again; the page says that it is being processed.
        with suppress(ProviderUnreachable, ProviderRefused):
            attempt = read_outcome(attempt)
    viewer = current_viewer(request)
    if viewer is not None and viewer.customer.pk == attempt.customer_id:
        return HttpResponseRedirect(_next_url(attempt), status=303)
    with translation.override(language_for(request, business, None, attempt.customer)):
        notice = _signed_out_notice(attempt, reader_formatter())
        if "frame" in request.GET:
            text = f"{notice.text} {_('You can go on in the tab that you came from.')}"
            notice = replace(notice, text=text, sign_in=False)
        return notice_page(request, business, notice)


def _page(viewer: CustomerViewer, attempt: PaymentAttempt, fmt: Formatter, *, at_once: bool) -> AttemptPage:
    state = _STATES[AttemptState(attempt.state)]
    payment, shares = attempt.payment, shares_of(attempt)
    deposit = attempt.purpose == AttemptPurpose.DEPOSIT
    estimate = shares[0].document if deposit else None
    lines = [
        _line(share.document, sum(s.amount for s in shares if s.document_id == share.document_id), fmt)
        for share in {share.document_id: share for share in ([] if deposit else shares)}.values()
    ]
    return AttemptPage(
        state=state,
        heading=_heading(state, attempt),
        amount=fmt.money(attempt.charged, attempt.currency),
        words=_messages(state, attempt, estimate.number if estimate else ""),
        lines=lines,
        kept=fmt.money(payment.unapplied, payment.currency) if payment and payment.unapplied and not deposit else "",
        fee=fmt.money(attempt.fee, attempt.currency) if attempt.fee else "",
        payment_url=item_url(PAYMENT, payment.public_id) if payment else "",
        receipt_url=item_url("receipt", payment.public_id) if payment else "",
        action_url=attempt.action_url if state == "waiting" else "",
        at_once=at_once,
        **_onward(viewer, estimate),
    )


def _onward(viewer: CustomerViewer, estimate: Document | None) -> dict[str, str]:
    """Return where the page leads on to, and what that is called."""
    if estimate is not None:
        return {
            "onward_url": item_url(estimate.kind, estimate.public_id),
            "onward_label": _("Back to the estimate"),
        }
    if viewer.has_account:
        return {"onward_url": page_url("home"), "onward_label": _("My Account")}
    return {"onward_url": item_url("invoice", _target(viewer)), "onward_label": _("Back to the invoice")}


_STATES = {
    AttemptState.CREATED: "processing",
    AttemptState.PROCESSING: "processing",
    AttemptState.REQUIRES_ACTION: "waiting",
    AttemptState.SUCCEEDED: "received",
    AttemptState.FAILED: "failed",
    AttemptState.CANCELED: "failed",
}


def _heading(state: str, attempt: PaymentAttempt) -> str:
    return {
        "processing": _("Your payment is being processed"),
        "waiting": _("Your bank asks you to confirm"),
        "received": _("Payment received"),
        "failed": _("The payment was not made"),
    }[state]


def _messages(state: str, attempt: PaymentAttempt, estimate: str) -> list[str]:
    """Say what happened and what comes next; `estimate` is the number of the one whose deposit is paid."""
    saved = attempt.saved_method
    how = saved_label(saved) if saved else method_label(attempt.method)
    name, email = apart(attempt.business.name), attempt.receipt_email
    receipt = _("A receipt goes to %(email)s.") % {"email": apart(email)} if email else ""
    if state == "received":
        taken_off = _("It is the deposit of %(number)s and is taken off the invoice.") % {"number": apart(estimate)}
        received = _("%(name)s has received your payment (%(how)s).") % {"name": name, "how": how}
        words = [received, taken_off if estimate else "", receipt]
    elif state == "waiting":
        words = [_("Nothing is charged before you have confirmed the payment on the bank’s page.")]
    elif state == "failed":
        words = [failure_message(attempt), _("Nothing was charged.")]
    elif attempt.method == Method.DIRECT_DEBIT and attempt.state == AttemptState.PROCESSING:
        words = [_("A direct debit takes the bank some days. You need not do anything more, nor pay again."), receipt]
    else:
        words = [
            _("We are waiting for the bank’s answer. Please do not pay again: this page says how it went."),
            receipt,
        ]
    return [text for text in words if text]


def _line(document: Document, amount: int, fmt: Formatter) -> PaidLine:
    left = fmt.money(document.open_amount, document.currency) if document.open_amount > 0 else ""
    return PaidLine(
        document.number, item_url("invoice", document.public_id), fmt.money(amount, document.currency), left
    )


def _target(viewer: CustomerViewer) -> str:
    return viewer.target.public_id if viewer.target else ""


def _signed_out_notice(attempt: PaymentAttempt, fmt: Formatter) -> Notice:
    """Tell a payer who is signed out by now what became of the payment, but not whose it was."""
    amount = {"amount": fmt.money(attempt.charged, attempt.currency), "name": apart(attempt.business.name)}
    if attempt.state == AttemptState.SUCCEEDED:
        return Notice(_("Payment received"), _("%(name)s has received %(amount)s.") % amount, sign_in=True)
    if attempt.state in _CANCELED:
        words = f"{failure_message(attempt)} {_('Nothing was charged. Sign in to try again.')}"
        return Notice(_("The payment was not made"), words, sign_in=True)
    return Notice(
        _("Being processed"), _("Your payment of %(amount)s to %(name)s is being processed.") % amount, sign_in=True
    )


def _given_up(attempt: PaymentAttempt, viewer: CustomerViewer) -> PaymentAttempt:
    try:
        return cancel_attempt(attempt, by=viewer.actor)
    except (ProviderUnreachable, ProviderRefused):
        return attempt


def _next_url(attempt: PaymentAttempt) -> str:
    """Return where the payer goes on to: the form again after a refusal, the attempt's own page otherwise."""
    if attempt.state in _CANCELED:
        return _again_url(attempt)
    return item_url("payment_attempt", attempt.public_id)


def _again_url(attempt: PaymentAttempt) -> str:
    """Return the pay page's address with what was chosen for an attempt filled in again."""
    keys = list(dict.fromkeys(share.document.public_id for share in shares_of(attempt)))
    if attempt.purpose == AttemptPurpose.DEPOSIT:
        return pay_url(estimate=keys[0], again=attempt.public_id)
    more = {} if keys else {"advance": "1", "currency": attempt.currency}
    return pay_url(keys, **more, again=attempt.public_id)
