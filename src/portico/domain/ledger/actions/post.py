from datetime import date
from uuid import UUID

from django.db.models import F

from portico.domain.ledger.models import Account, Entry, EntryKind, Item
from portico.lib.ids import Ref


def lock_account(business_id: UUID, customer_id: UUID, currency: str) -> Account:
    """Return a customer's account in a currency, made on first use and locked until the caller's transaction ends.

    Every change of money takes this lock first, so that two changes of one account never interleave.
    """
    standing = Account.objects.select_for_update().filter(customer_id=customer_id, currency=currency)
    account = standing.first()
    if account is None:
        account, made = Account.objects.get_or_create(
            customer_id=customer_id, currency=currency, defaults={"business_id": business_id}
        )
        if not made:
            account = standing.get()
    return account


def open_item(
    account: Account, ref: Ref, *, amount: int, on: date, due_on: date | None = None, number: str = "", kind: EntryKind
) -> Item:
    """Put a new fact on an account: its item, still wholly open, and its first entry. `amount` is signed."""
    item = Item.objects.create(
        id=ref.id,
        business_id=account.business_id,
        account=account,
        kind=ref.kind,
        number=number,
        issued_on=on,
        due_on=due_on,
        amount=amount,
        open=amount,
    )
    _enter(item, amount, on, kind)
    return item


def post(item: Item, *, amount: int, on: date, kind: EntryKind) -> Entry:
    """Add an entry to an item and move the balances that cache it. The account is locked by the caller."""
    Item.objects.filter(pk=item.pk).update(open=F("open") + amount)
    item.open += amount
    return _enter(item, amount, on, kind)


def _enter(item: Item, amount: int, on: date, kind: EntryKind) -> Entry:
    Account.objects.filter(pk=item.account_id).update(balance=F("balance") + amount)
    return Entry.objects.create(
        business_id=item.business_id, account_id=item.account_id, item=item, date=on, amount=amount, kind=kind
    )
