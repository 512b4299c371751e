from django.db import transaction

from portico.domain.activity.actor import Actor
from portico.domain.customers.checks import refuse_archived
from portico.domain.documents.actions.apply_open_credits import apply_open_credits
from portico.domain.documents.actions.lock import lock_document
from portico.domain.documents.actions.number import next_number
from portico.domain.documents.actions.record_issue import record_issue
from portico.domain.documents.errors import WrongState
from portico.domain.documents.kinds import SPECS
from portico.domain.documents.models import Document, Lifecycle
from portico.domain.documents.parties import buyer_snapshot, seller_snapshot
from portico.domain.ledger.actions.post import open_item
from portico.domain.ledger.closed import check_open
from portico.domain.ledger.models import Account


@transaction.atomic
def issue(document: Document, *, by: Actor) -> Document:
    """Make a draft count: it gets its number, stands in the ledger and shows to the customer.

    Raises WrongState, CustomerArchived, and what `check_open` raises for a day whose books are closed.
    """
    account, document = lock_document(document)
    if document.lifecycle == Lifecycle.ISSUED:
        return document
    if document.lifecycle != Lifecycle.DRAFT:
        raise WrongState(f"{document} is {document.lifecycle} and can't be issued.")
    refuse_archived(document.customer)
    if account is not None:
        check_open(document.business, document.issued_on, "/issued_on")
    if not document.number:
        document.number = next_number(document.business_id, document.kind, SPECS[document.kind].number_prefix)
    document.lifecycle = Lifecycle.ISSUED
    # A customer who moved since the draft was written is named as they are now.
    document.seller = seller_snapshot(document.business, document.customer.language)
    document.buyer = buyer_snapshot(document.customer)
    document.save(update_fields=["number", "lifecycle", "seller", "buyer"])
    if account is not None:
        put_on_ledger(account, document)
    record_issue(
        document, by=by, data={"number": document.number, "currency": document.currency, "total": document.total}
    )
    if account is not None:
        apply_open_credits(account, document)
    return document


def put_on_ledger(account: Account, document: Document) -> None:
    """Post an issued document's payable amount to its account, which the caller has locked."""
    posting = SPECS[document.kind].posting
    assert posting is not None, "only documents about money have an account"
    open_item(
        account,
        document.ref,
        amount=posting.sign * document.payable,
        on=document.issued_on,
        due_on=document.due_on,
        number=document.number,
        kind=posting.entry,
    )
    if document.open_amount != document.payable:
        document.open_amount = document.payable
        document.save(update_fields=["open_amount"])
