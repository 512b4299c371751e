"""What is known of a payment, as labels and values."""

from django.utils.translation import gettext as _

from portico.domain.payments.models import Payment
from portico.lib.l10n import Formatter
from portico.output.wording.methods import method_label


def payment_facts(payment: Payment, fmt: Formatter) -> list[tuple[str, str]]:
    """Return when and how a payment came in, its reference and when it was voided; unknown facts are left out."""
    facts = [
        (_("Paid on"), fmt.date(payment.paid_on)),
        (_("Method"), method_label(payment.method)),
        (_("Fee, on top of the amount"), fmt.money(payment.fee, payment.currency) if payment.fee else ""),
        (_("Reference"), payment.reference),
        (_("Voided on"), fmt.date(payment.voided_on) if payment.voided_on else ""),
    ]
    return [(label, value) for label, value in facts if value]
