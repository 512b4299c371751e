from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.documents.actions.lock import lock_document
from portico.domain.documents.models import Document


@transaction.atomic
def stop_reminders(document: Document, *, stop: bool, by: Actor) -> Document:
    """Have an invoice reminded of no more, or again. Doing so twice changes nothing."""
    _account, document = lock_document(document)
    if document.reminders_stopped != stop:
        document.reminders_stopped = stop
        document.save(update_fields=["reminders_stopped"])
        event = Event.INVOICE_REMINDERS_STOPPED if stop else Event.INVOICE_REMINDERS_RESUMED
        record(event, document, by=by, data={"number": document.number})
    return document
