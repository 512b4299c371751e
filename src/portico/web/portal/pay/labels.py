"""The pay page's words: ways to pay, and what a bank says when it does not pay."""

from django.utils.translation import gettext as _

from portico.domain.payments.models import Method, PaymentAttempt, PaymentMethod
from portico.domain.payments.offered import Offer
from portico.output.wording.methods import method_label


def offer_label(offer: Offer) -> str:
    """Return `Visa •4242` for what was saved, `Card` or `Direct debit` for a new one."""
    return saved_label(offer.saved) if offer.saved else method_label(offer.method)


def saved_label(saved: PaymentMethod) -> str:
    """Return `Visa •4242`, or the way to pay where the provider says no more."""
    brand = saved.brand or method_label(saved.kind)
    return f"{brand} •{saved.last4}" if saved.last4 else brand


def failure_words(attempt: PaymentAttempt) -> str:
    """Return in plain words why an attempt collected nothing, and what can be done."""
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
    declined = _("The bank has declined the card.") if attempt.method == Method.CARD else _("The bank has declined.")
    return by_code.get(attempt.failure_code or ("canceled" if attempt.state == "canceled" else ""), declined)


def retry_words(attempt: PaymentAttempt) -> str:
    """Return why an attempt collected nothing, and that another way may be tried."""
    words = _("%(why)s Nothing was charged. Try again, or pay another way.")
    return words % {"why": failure_words(attempt)}


def refusal_words(code: str) -> str:
    """Return in plain words why nothing was begun, by the code of the domain's refusal."""
    by_code = {
        "payment_in_progress": _("Another payment of one of these invoices is being processed. Nothing was charged."),
        "not_payable": _("One of these invoices asks for no money any more. Nothing was charged."),
        "unknown_payment_method": _("This payment method is not there any more. Please choose another one."),
        "unknown_gateway": _("This way to pay is not offered any more. Please choose another one."),
        "credit_exceeded": _("A credit was used in the meantime. Please look at the amounts again."),
        "method_limit": _("This amount can’t be paid this way. Please choose another one."),
    }
    changed = _("Something has changed since you opened this page. Nothing was charged. Please look at it again.")
    return by_code.get(code, changed)
