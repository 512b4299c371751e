"""Asking for a customer's portal link to be mailed. The link is made by the worker that mails it."""

from datetime import timedelta

from django.db import transaction

from portico.domain.access.errors import NoAddress, PortalOff, TooManyMails
from portico.domain.access.programs.actions.rate_limit import Limit, hit
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.customers.models import Customer

_PER_CUSTOMER = Limit("portal links mailed to a customer", 5, timedelta(hours=1))


@transaction.atomic
def request_portal_link_mail(customer: Customer, *, by: Actor) -> Activity:
    """Have a fresh portal link mailed to a customer's main address; it takes the place of the former one.

    Raises PortalOff while the link would open nothing, NoAddress, or TooManyMails after five within an hour.
    """
    customer = Customer.objects.select_related("business").get(pk=customer.pk)
    if not customer.business.portal_enabled:
        raise PortalOff("The portal is switched off, so a link would open nothing.")
    if not customer.email:
        raise NoAddress(f"{customer.name} has no e-mail address.")
    if not hit(_PER_CUSTOMER, customer.public_id):
        raise TooManyMails(f"{customer.name} got {_PER_CUSTOMER.count} links by mail within an hour.")
    return record(Event.LINK_MAIL_ASKED, customer, by=by)
