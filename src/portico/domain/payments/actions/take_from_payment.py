"""Money that leaves a payment again, on a locked account: given back by the business, or taken back by a bank."""

from datetime import date

from portico.domain.documents.actions.settle import settle
from portico.domain.ledger.actions.allocate import allocate, take_back, take_off
from portico.domain.ledger.actions.post import open_item, post
from portico.domain.ledger.models import Account, EntryKind, Item
from portico.domain.ledger.queries import allocations_of, least_open
from portico.domain.payments.models import Payment
from portico.lib.ids import Ref


def take_from_payment(account: Account, payment: Payment, ref: Ref, amount: int, on: date, kind: EntryKind) -> None:
    """Post `amount` (minor units) as `ref` on a day, and put the payment against it.

    What is unapplied goes first; then its newest allocations are taken back, and those invoices are owed again. What
    the payment does not cover any more is the customer's to pay.
    """
    item = Item.objects.get(pk=payment.item_id)
    missing = amount - least_open(item, on, sign=-1)
    touched = take_back(item, on, missing) if missing > 0 else set()
    debit = open_item(account, ref, amount=amount, on=on, number=payment.number, kind=kind)
    covered = min(amount, least_open(item, on, sign=-1))
    if covered > 0:
        allocate(item, debit, covered, on)
    settle(touched)


def return_to_payment(payment: Payment, ref: Ref, on: date, kind: EntryKind) -> None:
    """Take back what was posted as `ref`: the money is the payment's again, and pays what it had paid."""
    item, debit = Item.objects.get(pk=payment.item_id), Item.objects.get(pk=ref.id)
    held = sum(row.amount for row in allocations_of(debit.pk))
    if held > 0:
        take_off(item, debit, on)
    post(debit, amount=-debit.amount, on=on, kind=kind)
    _pay_again(item, on)


def _pay_again(item: Item, on: date) -> None:
    paid = {row.debit_id: row.debit for row in allocations_of(item.pk) if row.debit.kind == "invoice"}
    for debit in paid.values():
        day = max(on, debit.issued_on)
        amount = min(least_open(item, day, sign=-1), least_open(debit, day, sign=1))
        if amount > 0:
            allocate(item, debit, amount, day)
    settle(paid)
