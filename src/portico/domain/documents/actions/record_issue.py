from datetime import timedelta
from typing import Any

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.models import Activity
from portico.domain.documents.events import ISSUED
from portico.domain.documents.kinds import Kind
from portico.domain.documents.models import Document

# Staff who issue an invoice have this long to take it back before it is mailed.
_TIME_TO_THINK = timedelta(minutes=5)


def record_issue(document: Document, *, by: Actor, data: dict[str, Any]) -> Activity:
    """Record in the caller's transaction that a document was issued; an invoice is mailed where that is wanted."""
    # kinds: nobody waits for the others to come by themselves
    wanted = document.kind == Kind.INVOICE and document.business.mail_issued_invoices
    return record(ISSUED[document.kind], document, by=by, data=data, announce=wanted, wait=_TIME_TO_THINK)
