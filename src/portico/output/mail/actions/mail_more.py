"""Having statements and receipts mailed: asked for in the domain, and seen to wait in the log at once."""

from datetime import date

from django.db import transaction

from portico.domain.activity.actor import Actor
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.mail_statement import request_statement_mail
from portico.domain.documents.mailing import MailInput, recipients_of
from portico.domain.payments.actions.mail_receipt import request_receipt_mail
from portico.domain.payments.models import Payment
from portico.output.mail.actions.send import queue
from portico.output.mail.emails import Receipt
from portico.output.mail.models import Message
from portico.output.mail.queries import require_way_out
from portico.output.mail.statement_email import StatementEmail


@transaction.atomic
def mail_statement(
    customer: Customer, mail: MailInput, *, end: date, start: date | None = None, by: Actor
) -> list[Message]:
    """Have a statement mailed, and return the rows of the log, one for each recipient.

    Raises NoMailServer, and what `request_statement_mail` raises.
    """
    require_way_out()
    asked = request_statement_mail(customer, mail, end=end, start=start, by=by)
    business = customer.business
    return [
        queue(StatementEmail, about=asked, to=address, business=business, customer=customer)
        for address in recipients_of(asked)
    ]


@transaction.atomic
def mail_receipt(payment: Payment, mail: MailInput, *, by: Actor) -> list[Message]:
    """Have a payment's receipt mailed, and return the rows of the log, one for each recipient.

    Raises NoMailServer, and what `request_receipt_mail` raises.
    """
    require_way_out()
    asked = request_receipt_mail(payment, mail, by=by)
    business, customer = payment.business, payment.customer
    return [
        queue(Receipt, about=asked, to=address, business=business, customer=customer)
        for address in recipients_of(asked)
    ]
