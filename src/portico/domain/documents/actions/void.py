from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.documents.actions.lock import lock_document
from portico.domain.documents.actions.settle import settle
from portico.domain.documents.actions.undo_write_off import reverse_write_offs
from portico.domain.documents.errors import WrongState
from portico.domain.documents.events import VOIDED
from portico.domain.documents.kinds import SPECS, Posting
from portico.domain.documents.models import Document, Lifecycle
from portico.domain.ledger.actions.allocate import take_back
from portico.domain.ledger.actions.post import post
from portico.domain.ledger.models import Item


@transaction.atomic
def void(document: Document, *, by: Actor, reason: str = "") -> Document:
    """Cancel an issued document from today on, reversing what it put in the ledger.

    Payments and credits that were applied to it go back to the customer's credit; a write-off of it is reversed; an
    invoice that a voided credit note had reduced is owed again. Voiding a voided document changes nothing.
    Raises WrongState for a draft.
    """
    _account, document = lock_document(document)
    if document.lifecycle == Lifecycle.VOIDED:
        return document
    if document.lifecycle == Lifecycle.DRAFT:
        raise WrongState("A draft was never issued, so there is nothing to void.")
    document.lifecycle = Lifecycle.VOIDED
    # A document dated ahead is cancelled on its own day: before that it does not count anyway.
    document.voided_on = max(document.business.today(), document.issued_on)
    document.save(update_fields=["lifecycle", "voided_on"])
    posting = SPECS[document.kind].posting
    if posting:
        _reverse(document, posting)
    record(VOIDED[document.kind], document, by=by, data={"number": document.number, "reason": reason})
    return document


def _reverse(document: Document, posting: Posting) -> None:
    day = document.voided_on
    assert day is not None, "a voided document has its day"
    item = Item.objects.get(pk=document.pk)
    touched = take_back(item, day)
    reverse_write_offs(document, day)
    post(item, amount=-item.amount, on=day, kind=posting.void_entry)
    settle({item.pk, *touched})
    document.open_amount = 0
