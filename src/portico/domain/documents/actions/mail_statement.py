"""Asking for a customer's statement of account to be mailed, with the link to it."""

from datetime import date, timedelta

from django.db import transaction

from portico.domain.access.errors import PortalOff, TooManyMails
from portico.domain.access.programs.actions.rate_limit import Limit, hit
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.customers.models import Customer
from portico.domain.documents.mailing import MailInput, mail_data
from portico.lib.errors import Invalid, NotFound

_PER_CUSTOMER = Limit("statements mailed to a customer", 5, timedelta(hours=1))


@transaction.atomic
def request_statement_mail(
    customer: Customer, mail: MailInput, *, end: date, start: date | None = None, by: Actor
) -> Activity:
    """Have a statement mailed: what is open on the day `end`, or with a `start` the period up to it.

    Raises PortalOff, NotFound where the business shows no statements, NoAddress, Invalid, or TooManyMails after five
    within an hour.
    """
    customer = Customer.objects.select_related("business").get(pk=customer.pk)
    if not customer.business.portal_enabled:
        raise PortalOff("The portal is switched off, so a link would open nothing.")
    if not customer.business.show_statements:
        raise NotFound("Customers don't see statements.")
    if start is not None and start > end:
        raise Invalid("The start is after the end.")
    data = mail_data(mail, customer.email, customer.name)
    if not hit(_PER_CUSTOMER, customer.public_id):
        raise TooManyMails(f"{customer.name} got {_PER_CUSTOMER.count} statements by mail within an hour.")
    days = {"end": end.isoformat(), **({"start": start.isoformat()} if start else {})}
    return record(Event.STATEMENT_MAIL_ASKED, customer, by=by, data=data | days)
