from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.documents.events import VIEWED
from portico.domain.documents.models import Document, Lifecycle
from portico.lib.clock import now


@transaction.atomic
def mark_viewed(document: Document, *, by: Actor) -> None:
    """Note that a customer saw an issued document; only the first time counts, and staff never do."""
    if by.kind != "customer":
        return
    unseen = Document.objects.filter(pk=document.pk, first_viewed_at=None).exclude(lifecycle=Lifecycle.DRAFT)
    # One statement that asks and sets: of two at once, one sets it, and a look at a document locks no account.
    if not unseen.update(first_viewed_at=now()):
        return
    record(VIEWED[document.kind], document, by=by, data={"number": document.number})
