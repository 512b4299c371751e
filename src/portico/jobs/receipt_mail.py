"""The mail that brings the receipt of a payment to an address that was given for it, or that staff chose."""

from functools import partial

from portico.domain.access.portal_urls import link_url
from portico.domain.activity.actor import SYSTEM
from portico.domain.activity.models import Activity
from portico.domain.documents.actions.link import link_to
from portico.domain.documents.mailing import recipients_of
from portico.domain.ledger.queries import applied
from portico.domain.payments.models import Payment, PaymentAttempt, State
from portico.jobs.send_all import send_all
from portico.lib.l10n import Formatter, current_language, formatter
from portico.output.mail.actions.send import send
from portico.output.mail.emails import Receipt
from portico.output.mail.more_values import receipt_wording
from portico.output.mail.template import Attachment
from portico.output.pdf.pdf_files import receipt_filename, receipt_pdf


def mail_receipt(received: Activity) -> None:
    """Mail the receipt of an attempt's payment; nobody is written to who gave no address, nor about a voided one."""
    rows = PaymentAttempt.objects.select_related("payment__item", "payment__business", "payment__customer__business")
    attempt = rows.get(pk=received.subject_id)
    if attempt.receipt_email and attempt.payment is not None:
        _mail(attempt.payment, attempt.receipt_email, received)


def mail_asked_receipt(asked: Activity) -> None:
    """Mail a receipt to whom it was asked for."""
    rows = Payment.objects.select_related("item", "business", "customer__business")
    payment = rows.get(pk=asked.subject_id)
    send_all(partial(_mail, payment, address, asked) for address in recipients_of(asked))


def _mail(payment: Payment, to: str, about: Activity) -> None:
    business, customer = payment.business, payment.customer

    def write() -> Receipt:
        fmt = formatter(current_language())
        _grant, secret = link_to(customer, payment.ref, by=SYSTEM)
        paid = [part.number for part in applied([payment.item_id]).get(payment.item_id, [])]
        return Receipt(
            number=payment.number,
            url=link_url(business, secret),
            wording=receipt_wording(payment, fmt).changed_by(about.data),
            amount=payment.amount,
            currency=payment.currency,
            paid_on=payment.paid_on,
            method=payment.method,
            fee=payment.fee,
            invoices=tuple(paid),
            kept=payment.unapplied,
            attachments=_pdf(payment, about, fmt),
        )

    if payment.state == State.SUCCEEDED and business.portal_enabled:
        send(Receipt, write, about=about, to=to, business=business, customer=customer)


def _pdf(payment: Payment, about: Activity, fmt: Formatter) -> tuple[Attachment, ...]:
    if not about.data.get("pdf"):
        return ()
    return (Attachment(receipt_filename(payment), receipt_pdf(payment, fmt.language), "application/pdf"),)
