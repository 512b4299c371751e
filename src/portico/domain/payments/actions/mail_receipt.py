"""Asking for a payment's receipt to be mailed, with the link to it."""

from datetime import timedelta

from django.db import transaction

from portico.domain.access.errors import PortalOff, TooManyMails
from portico.domain.access.programs.actions.rate_limit import Limit, hit
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.documents.errors import WrongState
from portico.domain.documents.mailing import MailInput, mail_data
from portico.domain.payments.models import Payment, State

_PER_PAYMENT = Limit("mails of a receipt", 5, timedelta(hours=1))


@transaction.atomic
def request_receipt_mail(payment: Payment, mail: MailInput, *, by: Actor) -> Activity:
    """Have a payment's receipt mailed.

    Raises PortalOff, WrongState for a voided payment, NoAddress, Invalid, or TooManyMails after five within an hour.
    """
    payment = Payment.objects.select_related("business", "customer__business").get(pk=payment.pk)
    if not payment.business.portal_enabled:
        raise PortalOff("The portal is switched off, so a link would open nothing.")
    if payment.state == State.VOIDED:
        raise WrongState(f"Payment {payment.number} is voided.")
    data = mail_data(mail, payment.customer.email, payment.customer.name)
    if not hit(_PER_PAYMENT, payment.public_id):
        raise TooManyMails(f"The receipt of {payment.number} was mailed {_PER_PAYMENT.count} times within an hour.")
    return record(Event.RECEIPT_MAIL_ASKED, payment, by=by, data=data)
