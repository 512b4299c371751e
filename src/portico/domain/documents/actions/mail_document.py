"""Asking for a document to be mailed to its customer: with the link to it, which the worker makes that mails it."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from portico.domain.access.errors import PortalOff, TooManyMails
from portico.domain.access.programs.actions.rate_limit import Limit, hit
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.documents.link_life import may_have_link
from portico.domain.documents.mailing import MailInput, mail_data
from portico.domain.documents.models import Document
from portico.domain.documents.queries import attachments_named
from portico.lib.errors import FieldError, Invalid, NotFound

# Together, so that mail servers take them: many refuse more than 20 MB, and a mail is a third larger than its files.
MOST_BYTES_OF_FILES = 10_000_000
_PER_DOCUMENT = Limit("mails of a document", 5, timedelta(hours=1))


@transaction.atomic
def request_document_mail(document: Document, mail: MailInput | None = None, *, by: Actor) -> Activity:
    """Have a document mailed. Who gets it stands in the activity's data, under `to` and `copies`.

    Raises PortalOff while the link would open nothing, NotFound for what the customer does not see, NoAddress, Invalid
    for recipients that are no addresses and files that can't go along, or TooManyMails after five within an hour.
    """
    mail = mail or MailInput()
    document = Document.objects.select_related("business", "customer__business").get(pk=document.pk)
    if not document.business.portal_enabled:
        raise PortalOff("The portal is switched off, so a link would open nothing.")
    if not may_have_link(document):
        raise NotFound("Customers don't see this document.")
    _check_files(document, mail.files)
    data = mail_data(mail, document.customer.email, document.customer.name)
    if not hit(_PER_DOCUMENT, document.public_id):
        raise TooManyMails(f"{document.number} was mailed {_PER_DOCUMENT.count} times within an hour.")
    return record(Event.DOCUMENT_MAIL_ASKED, document, by=by, data={"number": document.number, **data})


def _check_files(document: Document, names: Sequence[str]) -> None:
    """Raise Invalid for files that are not the document's, that its customer does not see, or that are too large."""
    found = attachments_named(document, names)
    text = ""
    if len(found) < len(set(names)):
        text = "Files that go along are the document's own, and visible to the customer."
    elif sum(file.size for file in found) > MOST_BYTES_OF_FILES:
        text = f"Files that go along have {MOST_BYTES_OF_FILES // 1_000_000} MB together at most."
    if text:
        raise Invalid(text, fields=[FieldError("/files", text)])
