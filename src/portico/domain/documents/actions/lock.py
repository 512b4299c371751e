from collections.abc import Iterable
from uuid import UUID

from portico.domain.documents.errors import WrongState
from portico.domain.documents.models import Document
from portico.domain.ledger.actions.lock import lock_account, lock_rows, refuse_moved
from portico.domain.ledger.models import Account
from portico.lib.errors import NotFound


def lock_document(document: Document) -> tuple[Account | None, Document]:
    """Lock a document for a change, its account first; returns both as they are now.

    An estimate or a sales order stands on no account: for these the account is None.
    """
    account = lock_account(document.business_id, document.customer_id, document.currency) if document.sign else None
    document = lock_draft(document)
    if account is not None:
        refuse_moved(account, document.customer_id)
        if account.currency != document.currency:
            # A draft that was changed while its old account was waited for: another may not be locked any more.
            raise WrongState(f"{document} was changed at this moment. Try again.")
    return account, document


def lock_draft(document: Document) -> Document:
    """Lock a document that is a draft, or was one, for a change of what is written; no account knows of it."""
    rows = lock_rows(Document.objects.filter(pk=document.pk).select_related("customer", "business"))
    if not rows:
        raise NotFound(f"There is no {document} any more.")
    return rows[0]


def lock_documents(account: Account, keys: Iterable[UUID]) -> dict[UUID, Document]:
    """Lock those documents among `keys` that stand on a locked account; returns them as they are now, by key."""
    rows = Document.objects.filter(pk__in=set(keys), customer=account.customer_id, currency=account.currency)
    return {document.pk: document for document in lock_rows(rows)}
