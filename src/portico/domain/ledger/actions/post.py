from datetime import date

from django.db.models import F

from portico.domain.ledger.closed import closed_on, refuse_closed
from portico.domain.ledger.errors import BalanceTooLarge
from portico.domain.ledger.models import Account, Entry, EntryKind, Item
from portico.lib.ids import Ref
from portico.lib.money import MAX_BALANCE


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
    within = Account.objects.filter(pk=item.account_id, balance__range=_balances_before(amount))
    if not within.exclude(closed_on(item.business_id, on)).update(balance=F("balance") + amount):
        refuse_closed(item.business_id, on)
        raise BalanceTooLarge("The customer's balance would become too large.")
    return Entry.objects.create(
        business_id=item.business_id, account_id=item.account_id, item=item, date=on, amount=amount, kind=kind
    )


def _balances_before(amount: int) -> tuple[int, int]:
    """Return the least and the largest balance that an entry may be added to."""
    return -MAX_BALANCE - min(amount, 0), MAX_BALANCE - max(amount, 0)
