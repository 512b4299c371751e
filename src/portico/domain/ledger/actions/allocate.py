"""Putting credits against debits, and taking them back. The caller holds the account's lock."""

from datetime import date
from uuid import UUID

from django.db.models import F, Q

from portico.domain.ledger.closed import closed_on, refuse_closed
from portico.domain.ledger.errors import NotEnough
from portico.domain.ledger.models import Allocation, Item
from portico.domain.ledger.queries import least_open
from portico.lib.errors import Invalid

# What left a credit for good: money that was given back or that a bank took back.
_FINAL_DEBITS = ("refund", "dispute")


def allocate(credit: Item, debit: Item, amount: int, on: date) -> Allocation:
    """Apply `amount` (minor units, positive) of a credit to a debit on a day.

    Raises NotEnough when either side has less open than that, on that day or on any day since.
    """
    if amount <= 0:
        raise Invalid("The amount to apply must be more than zero.", code="invalid_amount")
    _check_account(credit, debit)
    if least_open(credit, on, sign=-1) < amount:
        raise NotEnough(f"There is less than that left of {_name(credit)}.", code="credit_exceeded")
    if least_open(debit, on, sign=1) < amount:
        raise NotEnough(f"There is less than that open on {_name(debit)}.", code="amount_exceeds_open")
    return _add(credit, debit, amount, on)


def allocate_up_to(credit: Item, debit: Item, most: int, on: date) -> int:
    """Apply as much of a credit to a debit as both have open on a day and on any day since, at most `most`.

    Returns how much that was, in minor units: 0 where one of them has nothing.
    """
    _check_account(credit, debit)
    amount = min(most, least_open(credit, on, sign=-1), least_open(debit, on, sign=1))
    if amount <= 0:
        return 0
    _add(credit, debit, amount, on)
    return amount


def take_back(item: Item, on: date, amount: int | None = None) -> dict[UUID, int]:
    """Undo an item's allocations from `on`: all of them, or the newest ones up to `amount`.

    Refunds stay refunded, and what a bank took back stays taken. Returns how much of each item on the other
    side, by its key. An allocation dated later than `on` is undone on its own day.
    """
    rows = (
        Allocation.objects.filter(Q(credit=item) | Q(debit=item))
        .exclude(debit__kind__in=_FINAL_DEBITS)
        .select_related("credit", "debit")
        .order_by("id")
    )
    applied: dict[tuple[UUID, UUID], tuple[Item, Item, int, date]] = {}
    for row in rows:
        pair = (row.credit_id, row.debit_id)
        _, _, before, latest = applied.get(pair, (None, None, 0, row.date))
        applied[pair] = (row.credit, row.debit, before + row.amount, max(latest, row.date))
    left = sum(held for _, _, held, _ in applied.values()) if amount is None else amount
    touched: dict[UUID, int] = {}
    for credit, debit, held, latest in reversed(applied.values()):
        part = min(held, left)
        if part > 0:
            _add(credit, debit, -part, max(on, latest))
            touched[debit.pk if credit.pk == item.pk else credit.pk] = part
            left -= part
    return touched


def take_off(credit: Item, debit: Item, on: date, amount: int | None = None) -> int:
    """Take a credit off a debit again, from `on` or from the day it was last applied if that is later.

    All of it, or `amount` (minor units). Returns how much that was. Raises NotEnough when less stands there.
    """
    rows = list(Allocation.objects.filter(credit=credit, debit=debit).values_list("amount", "date"))
    held = sum(applied for applied, _ in rows)
    part = held if amount is None else amount
    if part <= 0 or part > held:
        raise NotEnough(f"There is less than that of {_name(credit)} on {_name(debit)}.", code="not_applied")
    _add(credit, debit, -part, max(on, *(day for _, day in rows)))
    return part


def _check_account(credit: Item, debit: Item) -> None:
    if credit.account_id != debit.account_id:
        raise Invalid("A credit can only be applied within the same account and currency.", code="currency_mismatch")


def _add(credit: Item, debit: Item, amount: int, on: date) -> Allocation:
    if not Item.objects.filter(pk=credit.pk).exclude(closed_on(credit.business_id, on)).update(open=F("open") + amount):
        refuse_closed(credit.business_id, on)
    Item.objects.filter(pk=debit.pk).update(open=F("open") - amount)
    return Allocation.objects.create(
        business_id=credit.business_id,
        account_id=credit.account_id,
        credit=credit,
        debit=debit,
        date=on,
        amount=amount,
    )


def _name(item: Item) -> str:
    return f"{item.kind.replace('_', ' ')} {item.number}".strip()
