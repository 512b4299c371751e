"""What becomes of an estimate or a sales order."""

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.documents.actions.lock import lock_document
from portico.domain.documents.errors import WrongState
from portico.domain.documents.events import DECIDED
from portico.domain.documents.kinds import SPECS
from portico.domain.documents.models import Document, Lifecycle


def approve(estimate: Document, *, by: Actor) -> Document:
    """Accept an estimate that is open. Raises WrongState when it is expired or already decided otherwise."""
    return _decide(estimate, Lifecycle.APPROVED, by=by)


def decline(estimate: Document, *, by: Actor, reason: str = "") -> Document:
    """Turn an open estimate down. Raises WrongState when it is expired or already decided otherwise."""
    return _decide(estimate, Lifecycle.DECLINED, by=by, reason=reason)


def mark_invoiced(document: Document, *, by: Actor) -> Document:
    """Note that an estimate or a sales order has become an invoice."""
    return _decide(document, Lifecycle.INVOICED, by=by)


@transaction.atomic
def _decide(document: Document, to: Lifecycle, *, by: Actor, reason: str = "") -> Document:
    _account, document = lock_document(document)
    if document.lifecycle == to:
        return document
    status = document.status(document.business.today())
    if status not in SPECS[document.kind].decisions.get(to, frozenset()):
        raise WrongState(f"{document} is {status.label.lower()} and can't become {to.label.lower()}.")
    document.lifecycle = to
    document.save(update_fields=["lifecycle"])
    record(DECIDED[document.kind, to], document, by=by, data={"number": document.number, "reason": reason})
    return document
