"""Money that leaves a payment again, on a locked account: given back by the business, or taken back by a bank."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from portico.domain.documents.actions.settle import settle
from portico.domain.ledger.actions.allocate import allocate, take_back, take_off
from portico.domain.ledger.actions.post import open_item, post
from portico.domain.ledger.models import Account, EntryKind, Item
from portico.domain.ledger.queries import allocations_of, least_open
from portico.domain.payments.models import Payment
from portico.lib.ids import Ref


def take_from_payment(
    account: Account, payment: Payment, ref: Ref, amount: int, on: date, kind: EntryKind
) -> dict[str, int]:
    """Post `amount` (minor units) as `ref` on a day, and put the payment against it.

    What is unapplied goes first; then its newest allocations are taken back, and those invoices are owed again. What
    the payment does not cover any more is the customer's to pay. Returns what was taken back, by item.
    """
    item = Item.objects.get(pk=payment.item_id)
    missing = amount - least_open(item, on, sign=-1)
    taken = take_back(item, on, missing) if missing > 0 else {}
    debit = open_item(account, ref, amount=amount, on=on, number=payment.number, kind=kind)
    covered = min(amount, least_open(item, on, sign=-1))
    if covered > 0:
        allocate(item, debit, covered, on)
    settle(taken)
    return {str(key): part for key, part in taken.items()}


def return_to_payment(payment: Payment, ref: Ref, on: date, kind: EntryKind, taken_from: Mapping[str, int]) -> None:
    """Take back what was posted as `ref`: the money is the payment's again.

    It pays again what it was taken from then (`taken_from`), invoices and adjustments of the credit balance, as far as
    that is still owed. The rest is the customer's credit: what staff had taken off an invoice before stays off it.
    """
    item, debit = Item.objects.get(pk=payment.item_id), Item.objects.get(pk=ref.id)
    held = sum(row.amount for row in allocations_of(debit.pk))
    if held > 0:
        take_off(item, debit, on)
    post(debit, amount=-debit.amount, on=on, kind=kind)
    _pay_again(item, on, {UUID(key): part for key, part in taken_from.items()})


def _pay_again(item: Item, on: date, parts: Mapping[UUID, int]) -> None:
    debits = Item.objects.filter(pk__in=list(parts), account=item.account_id, amount__gt=0).order_by("id")
    for debit in debits:
        day = max(on, debit.issued_on)
        amount = min(parts[debit.pk], least_open(item, day, sign=-1), least_open(debit, day, sign=1))
        if amount > 0:
            allocate(item, debit, amount, day)
    settle(parts)
