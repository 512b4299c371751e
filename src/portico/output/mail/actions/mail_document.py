from django.db import transaction

from portico.domain.activity.actor import Actor
from portico.domain.documents.actions.mail_document import request_document_mail
from portico.domain.documents.mailing import MailInput, recipients_of
from portico.domain.documents.models import Document
from portico.output.mail.actions.send import queue
from portico.output.mail.document_emails import DOCUMENT_EMAILS
from portico.output.mail.models import Message
from portico.output.mail.queries import require_way_out


@transaction.atomic
def mail_document(document: Document, mail: MailInput, *, by: Actor) -> list[Message]:
    """Have a document mailed, and return the rows of the log, which wait for the worker: one for each recipient.

    Raises NoMailServer, and what `request_document_mail` raises.
    """
    require_way_out()
    asked = request_document_mail(document, mail, by=by)
    return [
        queue(
            DOCUMENT_EMAILS[document.kind],
            about=asked,
            to=address,
            business=document.business,
            customer=document.customer,
            document=document,
        )
        for address in recipients_of(asked)
    ]
