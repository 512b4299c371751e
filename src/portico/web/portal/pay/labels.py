"""The pay page's words: ways to pay, and what a bank says when it does not pay."""

from django.utils.translation import gettext as _

from portico.domain.payments.models import PaymentAttempt
from portico.domain.payments.offered import Offer
from portico.output.wording.methods import method_label
from portico.output.wording.payment_methods import failure_message, saved_label


def offer_label(offer: Offer) -> str:
    """Return `Visa •4242` for what was saved, `Card` or `Direct debit` for a new one."""
    return saved_label(offer.saved) if offer.saved else method_label(offer.method)


def retry_message(attempt: PaymentAttempt) -> str:
    """Return why an attempt collected nothing, and that another way may be tried."""
    words = _("%(why)s Nothing was charged. Try again, or pay another way.")
    return words % {"why": failure_message(attempt)}


def refusal_message(code: str) -> str:
    """Return in plain words why nothing was begun, by the code of the domain's refusal."""
    by_code = {
        "payment_in_progress": _("Another payment of one of these invoices is being processed. Nothing was charged."),
        "not_payable": _("One of these invoices asks for no money any more. Nothing was charged."),
        "unknown_payment_method": _("This payment method is not there any more. Please choose another one."),
        "unknown_gateway": _("This way to pay is not offered any more. Please choose another one."),
        "credit_exceeded": _("A credit was used in the meantime. Please look at the amounts again."),
        "method_disabled": _("This way to pay is not offered any more. Please choose another one."),
        "method_limit": _("This amount can’t be paid this way. Please choose another one."),
    }
    changed = _("Something has changed since you opened this page. Nothing was charged. Please look at it again.")
    return by_code.get(code, changed)
