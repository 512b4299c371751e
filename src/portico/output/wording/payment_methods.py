"""The words of payments: what was saved to pay with, and what a bank says when it does not pay."""

from django.utils.translation import gettext as _

from portico.domain.payments.models import Method, PaymentAttempt, PaymentMethod
from portico.domain.payments.offered import Offer
from portico.lib.l10n import Formatter
from portico.output.wording.methods import method_label


def saved_label(saved: PaymentMethod) -> str:
    """Return `Visa •4242`, or the way to pay where the provider says no more."""
    brand = saved.brand or method_label(saved.kind)
    return f"{brand} •{saved.last4}" if saved.last4 else brand


def fee_label(offer: Offer, fmt: Formatter) -> str:
    """Return what a business charges on top for a way to pay; empty for nothing."""
    percent = fmt.percent(offer.fee_percent) if offer.fee_percent else ""
    fixed = fmt.money(offer.fee_fixed, offer.currency) if offer.fee_fixed else ""
    if percent and fixed:
        return _("plus a fee of %(percent)s and %(amount)s") % {"percent": percent, "amount": fixed}
    if percent or fixed:
        return _("plus a fee of %(percent)s") % {"percent": percent or fixed}
    return ""


def failure_message(attempt: PaymentAttempt) -> str:
    """Return in plain words why an attempt collected nothing, and what can be done."""
    code = attempt.failure_code or ("canceled" if attempt.state == "canceled" else "")
    return failure_of(code, is_card=attempt.method == Method.CARD)


def failure_of(code: str, *, is_card: bool) -> str:
    """Return in plain words what a provider's code for a failure means."""
    by_code = {
        "insufficient_funds": _("The bank says that there is not enough money on the account."),
        "authentication_required": _("The bank wants the payment to be confirmed, which has not happened."),
        "challenge_refused": _("The payment was not confirmed at the bank."),
        "debit_returned": _("The bank has returned the direct debit."),
        "unknown_number": _("The bank does not know this number. Please check it."),
        "incorrect_number": _("The bank does not know this number. Please check it."),
        "expired_card": _("This card has expired."),
        "incorrect_cvc": _("The security code is not right."),
        "processing_error": _("The bank could not be reached properly. Please try again in a moment."),
        "canceled": _("The payment was canceled before anything was collected."),
    }
    return by_code.get(code, _("The bank has declined the card.") if is_card else _("The bank has declined."))
