"""The mail that brings the receipt of a payment to the address that was given for it."""

from portico.domain.access.portal_urls import link_url
from portico.domain.activity.actor import SYSTEM
from portico.domain.activity.models import Activity
from portico.domain.documents.actions.link import link_to
from portico.domain.ledger.queries import applied
from portico.domain.payments.models import PaymentAttempt, State
from portico.output.mail.actions.send import send
from portico.output.mail.emails import Receipt


def mail_receipt(received: Activity) -> None:
    """Mail the receipt of an attempt's payment; nobody is written to who gave no address, nor about a voided one."""
    rows = PaymentAttempt.objects.select_related("business", "customer__business", "payment__item")
    attempt = rows.get(pk=received.subject_id)
    business, customer, payment = attempt.business, attempt.customer, attempt.payment

    def write() -> Receipt:
        assert payment is not None, "an attempt that succeeded has its payment"
        _grant, secret = link_to(customer, payment.ref, by=SYSTEM)
        paid = [part.number for part in applied([payment.item_id]).get(payment.item_id, [])]
        return Receipt(
            number=payment.number,
            url=link_url(business, secret),
            amount=payment.amount,
            currency=payment.currency,
            paid_on=payment.paid_on,
            method=payment.method,
            fee=payment.fee,
            invoices=tuple(paid),
            kept=payment.unapplied,
        )

    if attempt.receipt_email and payment is not None and payment.state == State.SUCCEEDED and business.portal_enabled:
        send(Receipt, write, about=received, to=attempt.receipt_email, business=business, customer=customer)
