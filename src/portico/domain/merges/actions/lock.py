"""Locks of a merge, as of every other change: accounts before documents, customers after what they have."""

from uuid import UUID

from portico.domain.access.actions.lock import lock_customers
from portico.domain.conversations.models import Conversation
from portico.domain.documents.models import Document
from portico.domain.ledger.actions.lock import lock_account, lock_accounts_of, lock_rows
from portico.domain.ledger.models import Account


def lock_both(loser: UUID, winner: UUID, *, business_id: UUID | None = None) -> list[Account]:
    """Lock two customers and what others lock before they come to a customer's row; returns their accounts.

    With `business_id` the winner gets an account for each of the loser's. An estimate, an order and a draft stand on no
    account, and a conversation neither.
    """
    accounts = lock_accounts_of(loser, winner)
    if business_id is not None:
        known = {account.currency for account in accounts if account.customer_id == winner}
        missing = sorted({account.currency for account in accounts} - known)
        accounts += [lock_account(business_id, winner, currency) for currency in missing]
    for model in (Document, Conversation):
        lock_rows(model._base_manager.filter(customer__in=[loser, winner]).only("pk"))
    lock_customers(loser, winner)
    return accounts
