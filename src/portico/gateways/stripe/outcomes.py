"""What Stripe says of an intent, a method or a refund, in the contract's words."""

import calendar
from datetime import date

import stripe

from portico.domain.payments.gateway import (
    DisputeNews,
    DisputeOutcome,
    MethodDetails,
    Outcome,
    OutcomeState,
    RefundOutcome,
    SetupOutcome,
)
from portico.gateways.stripe.amounts import from_stripe

_STATES = {
    "requires_action": OutcomeState.REQUIRES_ACTION,
    "processing": OutcomeState.PROCESSING,
    "succeeded": OutcomeState.SUCCEEDED,
    "canceled": OutcomeState.CANCELED,
}
_REFUND_STATES = {
    "pending": OutcomeState.PROCESSING,
    "requires_action": OutcomeState.PROCESSING,
    "succeeded": OutcomeState.SUCCEEDED,
    "canceled": OutcomeState.CANCELED,
    "failed": OutcomeState.FAILED,
}
# An inquiry that was closed took nothing; whatever is not decided is open.
_DISPUTE_STATES = {
    "won": DisputeNews.WON,
    "lost": DisputeNews.LOST,
    "warning_closed": DisputeNews.WON,
    "prevented": DisputeNews.WON,
}
# Stripe's codes that the sandbox has another word for, or that say more than a customer should be told.
_CODES = {
    "generic_decline": "card_declined",
    "do_not_honor": "card_declined",
    "fraudulent": "card_declined",
    "lost_card": "card_declined",
    "stolen_card": "card_declined",
    "pickup_card": "card_declined",
    "merchant_blacklist": "card_declined",
    "security_violation": "card_declined",
    "payment_intent_authentication_failure": "challenge_refused",
    "setup_intent_authentication_failure": "challenge_refused",
    "payment_intent_payment_attempt_failed": "debit_returned",
    "debit_not_authorized": "debit_returned",
}
_MESSAGES = {
    "card_declined": "The card was declined.",
    "insufficient_funds": "There is not enough money on the account.",
    "expired_card": "The card has expired.",
    "incorrect_number": "The number is not right.",
    "invalid_number": "The number is not right.",
    "incorrect_cvc": "The security code is not right.",
    "invalid_cvc": "The security code is not right.",
    "incorrect_zip": "The postal code does not belong to the card.",
    "invalid_expiry_month": "The expiry date is not right.",
    "invalid_expiry_year": "The expiry date is not right.",
    "authentication_required": "The bank asks for a confirmation.",
    "challenge_refused": "The payment was not confirmed.",
    "debit_returned": "The bank returned the debit.",
    "processing_error": "The bank could not process the payment.",
}


def outcome(intent: stripe.PaymentIntent) -> Outcome:
    """Return what a payment intent says of its charge.

    An intent that was made but never tried is `unknown`, with its id: it collects nothing by itself.
    """
    failure, message = _failure(intent.last_payment_error)
    state = _STATES.get(intent.status, OutcomeState.UNKNOWN)
    if intent.status == "requires_payment_method" and failure:
        state = OutcomeState.FAILED
    failed = state == OutcomeState.FAILED
    currency = intent.currency.upper()
    return Outcome(
        state=state,
        provider_id=intent.id,
        amount=from_stripe(intent.amount_received if state == OutcomeState.SUCCEEDED else intent.amount, currency),
        currency=currency,
        action_url=_action_url(intent.next_action) if state == OutcomeState.REQUIRES_ACTION else "",
        failure_code=failure if failed else "",
        failure_message=message if failed else "",
        method=method_details(intent.payment_method, intent.customer),
    )


def setup_outcome(intent: stripe.SetupIntent) -> SetupOutcome:
    """Return what a setup intent says of the method it saves."""
    failure, message = _failure(intent.last_setup_error)
    state = _STATES.get(intent.status, OutcomeState.UNKNOWN)
    if intent.status == "requires_payment_method" and failure:
        state = OutcomeState.FAILED
    failed = state == OutcomeState.FAILED
    return SetupOutcome(
        state=state,
        provider_id=intent.id,
        action_url=_action_url(intent.next_action) if state == OutcomeState.REQUIRES_ACTION else "",
        failure_code=failure if failed else "",
        failure_message=message if failed else "",
        method=method_details(intent.payment_method, intent.customer),
    )


def refund_outcome(refund: stripe.Refund) -> RefundOutcome:
    """Return what a refund says of itself."""
    state = _REFUND_STATES.get(refund.status or "", OutcomeState.PROCESSING)
    failed = state in (OutcomeState.FAILED, OutcomeState.CANCELED)
    return RefundOutcome(state, refund.id, "The bank sent the refund back." if failed else "")


def dispute_outcome(dispute: stripe.Dispute) -> DisputeOutcome:
    """Return what a dispute says of itself."""
    intent = dispute.payment_intent
    return DisputeOutcome(
        dispute_id=dispute.id,
        provider_id=intent if isinstance(intent, str) else intent.id if intent else "",
        state=_DISPUTE_STATES.get(dispute.status, DisputeNews.OPEN),
        amount=from_stripe(dispute.amount, dispute.currency.upper()),
    )


def declined(error: stripe.CardError) -> tuple[str, str]:
    """Return a declined card's code and a sentence for the customer."""
    return _said(error.error.decline_code if error.error else None, error.code, error.user_message)


def method_details(
    method: str | stripe.PaymentMethod | None, customer: str | stripe.Customer | None
) -> MethodDetails | None:
    """Return a card or bank account as Stripe describes it, or None when it was not told with the intent."""
    if method is None or isinstance(method, str):
        return None
    owner = customer if isinstance(customer, str) else customer.id if customer else ""
    holder = method.billing_details.name or ""
    if method.type == "card" and method.card:
        card = method.card
        return MethodDetails(
            token=method.id,
            kind="card",
            brand=_BRANDS.get(card.brand, card.brand.title()),
            last4=card.last4 or "",
            holder=holder,
            expires_on=date(card.exp_year, card.exp_month, calendar.monthrange(card.exp_year, card.exp_month)[1]),
            provider_customer=owner,
        )
    brand, last4 = "", ""
    if method.type == "sepa_debit" and method.sepa_debit:
        brand, last4 = "SEPA", method.sepa_debit.last4 or ""
    elif method.type == "us_bank_account" and method.us_bank_account:
        brand, last4 = method.us_bank_account.bank_name or "ACH", method.us_bank_account.last4 or ""
    return MethodDetails(method.id, "direct_debit", brand[:40], last4, holder, provider_customer=owner)


_BRANDS = {"amex": "American Express", "diners": "Diners Club", "jcb": "JCB", "unionpay": "UnionPay"}


def _failure(
    error: stripe.PaymentIntent.LastPaymentError | stripe.SetupIntent.LastSetupError | None,
) -> tuple[str, str]:
    return _said(error.decline_code, error.code, error.message) if error else ("", "")


def _said(decline: str | None, code: str | None, message: str | None) -> tuple[str, str]:
    found = _CODES.get(decline or code or "", decline or code or "card_declined")
    return found[:60], _MESSAGES.get(found) or message or "The payment was declined."


def _action_url(
    action: stripe.PaymentIntent.NextAction | stripe.SetupIntent.NextAction | None,
) -> str:
    """Return where the customer has to go: to the bank's challenge, or to Stripe's page that proves an account."""
    redirect = action.redirect_to_url if action else None
    return (redirect.url or "") if redirect else ""
