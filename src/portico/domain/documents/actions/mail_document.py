"""Asking for a document to be mailed to its customer: as the link to it, which the worker makes that mails it."""

from datetime import timedelta

from django.db import transaction

from portico.domain.access.errors import NoAddress, PortalOff, TooManyMails
from portico.domain.access.programs.actions.rate_limit import Limit, hit
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.documents.link_life import may_have_link
from portico.domain.documents.models import Document
from portico.lib.errors import NotFound

_PER_DOCUMENT = Limit("mails of a document", 5, timedelta(hours=1))


@transaction.atomic
def request_document_mail(document: Document, *, by: Actor) -> Activity:
    """Have the link to a document mailed to its customer's main address.

    Raises PortalOff while the link would open nothing, NotFound for what the customer does not see, NoAddress, or
    TooManyMails after five within an hour.
    """
    document = Document.objects.select_related("business", "customer__business").get(pk=document.pk)
    if not document.business.portal_enabled:
        raise PortalOff("The portal is switched off, so a link would open nothing.")
    if not may_have_link(document):
        raise NotFound("Customers don't see this document.")
    if not document.customer.email:
        raise NoAddress(f"{document.customer.name} has no e-mail address.")
    if not hit(_PER_DOCUMENT, document.public_id):
        raise TooManyMails(f"{document.number} was mailed {_PER_DOCUMENT.count} times within an hour.")
    return record(Event.DOCUMENT_MAIL_ASKED, document, by=by)
