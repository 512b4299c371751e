"""Locks of everything that changes money, always in this order, so that no two changes wait for each other for ever:

1. the account, which lets one change of it run at a time (an import locks its business before that);
2. its documents, in the order of their keys;
3. its payment or payment attempt;
4. a number series, and the row of the customer.

`documents.actions.lock` and `payments.actions.lock` build on this; SQLite ignores `FOR UPDATE`, and needs none of it,
because a transaction there begins with the lock of the whole database.
"""

from uuid import UUID

from django.db.models import Model, QuerySet

from portico.domain.activity.errors import CustomerMerged
from portico.domain.ledger.models import Account


def lock_account(business_id: UUID, customer_id: UUID, currency: str) -> Account:
    """Return a customer's account in a currency, made on first use and locked until the caller's transaction ends.

    Every change of money takes this lock first, so that two changes of one account never interleave.
    """
    existing = Account.objects.select_for_update().filter(customer_id=customer_id, currency=currency)
    account = existing.first()
    if account is None:
        account, made = Account.objects.get_or_create(
            customer_id=customer_id, currency=currency, defaults={"business_id": business_id}
        )
        if not made:
            account = existing.get()
    return account


def lock_rows[M: Model](rows: QuerySet[M]) -> list[M]:
    """Return rows as they are now, locked in the order of their keys; what they are joined with is not locked."""
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def lock_accounts_of(*customer_ids: UUID) -> list[Account]:
    """Lock every account of these customers, in the order of their keys."""
    return lock_rows(Account.objects.filter(customer_id__in=customer_ids))


def refuse_moved(account: Account, customer_id: UUID) -> None:  # reads: the locks of other apps ask it
    """Raise CustomerMerged for a row that went to another customer before its account was locked."""
    if account.customer_id != customer_id:
        raise CustomerMerged("The customer has become part of another one. Try again.")


def lock_accounts(business_id: UUID | None = None) -> list[Account]:
    """Lock every account of one business, or of all, in the order of their keys, so that nobody changes money."""
    rows = Account.objects.filter(business_id=business_id) if business_id else Account.objects.all()
    return lock_rows(rows)
