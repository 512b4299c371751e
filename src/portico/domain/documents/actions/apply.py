"""Putting what a customer has against what it owes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.lock import lock_document, lock_documents
from portico.domain.documents.actions.settle import settle
from portico.domain.documents.errors import WrongState
from portico.domain.documents.events import APPLIED
from portico.domain.documents.kinds import kinds_of_sign
from portico.domain.documents.models import Document, Lifecycle
from portico.domain.ledger.actions.allocate import allocate
from portico.domain.ledger.actions.lock import lock_account
from portico.domain.ledger.errors import NotEnough
from portico.domain.ledger.models import Account, Item
from portico.lib.errors import FieldError, Invalid, NotFound, PorticoError
from portico.lib.money import CurrencyMismatch

# What can be a credit that is put against invoices: an invoice of less than nothing, too.
APPLICABLE = frozenset({"payment", "credit_adjustment", *kinds_of_sign(1, -1)})


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a credit (minor units) goes to which invoice."""

    invoice: Document
    amount: int


@transaction.atomic
def apply_credit(credit: Item, shares: Sequence[Share], *, by: Actor, on: date | None = None) -> None:
    """Apply what is left of a credit note, a payment or a credit adjustment to invoices of its account, all or nothing.

    It counts from today, or from `on`; no earlier than both sides exist. Raises WrongState, NotEnough, CurrencyMismatch
    or NotFound, with the place of the share that can't be applied.
    """
    customer = Customer.objects.select_related("business").get(pk=credit.account.customer_id)
    account = lock_account(credit.business_id, credit.account.customer_id, credit.account.currency)
    credit = Item.objects.get(pk=credit.pk)
    if credit.amount >= 0 or credit.kind not in APPLICABLE:
        raise WrongState("That is no credit that can be applied.")
    apply_shares(account, credit, shares, on=on or customer.business.today())
    record_applied(credit, customer, account.currency, shares, by=by)


def record_applied(credit: Item, customer: Customer, currency: str, shares: Sequence[Share], *, by: Actor) -> None:
    """Note that a credit was applied."""
    record(
        APPLIED.get(credit.kind, Event.CREDIT_NOTE_APPLIED),
        credit,
        by=by,
        customer_id=customer.pk,
        data={
            "number": credit.number,
            "currency": currency,
            "amount": sum(share.amount for share in shares),
            "invoices": [[share.invoice.number, share.amount] for share in shares],
        },
    )


@transaction.atomic
def apply_credit_note(credit_note: Document, shares: Sequence[Share], *, by: Actor, on: date | None = None) -> None:
    """Apply an open credit note to invoices of the same customer and currency, all or nothing.

    It counts from the day both exist, or the first whose books are open; or from `on`. Raises WrongState, NotEnough,
    CurrencyMismatch or NotFound, with the place of the share that can't be applied.
    """
    account, credit_note = lock_document(credit_note)
    if account is None or credit_note.lifecycle != Lifecycle.ISSUED:
        raise WrongState(f"{credit_note} is {credit_note.lifecycle} and can't be applied.")
    item = Item.objects.get(pk=credit_note.pk)
    apply_shares(account, item, shares, on=on or credit_note.business.first_open_day)
    record_applied(item, credit_note.customer, account.currency, shares, by=by)


def apply_shares(account: Account, credit: Item, shares: Sequence[Share], *, on: date | None = None) -> None:
    """Allocate shares of a credit on a locked account, in the caller's transaction.

    A share counts from the day both sides exist, or from `on` when that is later.
    """
    locked = lock_documents(account, [share.invoice.pk for share in shares])
    for index, share in enumerate(shares):
        try:
            _apply(credit, locked.get(share.invoice.pk, share.invoice), share.amount, account.currency, on)
        except PorticoError as error:
            place = "amount" if isinstance(error, NotEnough) or error.code == "invalid_amount" else "invoice"
            error.fields = error.fields or (FieldError(f"/allocations/{index}/{place}", error.message),)
            raise
    settle({credit.pk, *(share.invoice.pk for share in shares)})


def _apply(credit: Item, invoice: Document, amount: int, currency: str, on: date | None) -> None:
    if invoice.currency != currency:
        raise CurrencyMismatch(f"{invoice.number} is in {invoice.currency}, the credit is in {currency}.")
    if invoice.sign <= 0 or invoice.lifecycle == Lifecycle.DRAFT:
        raise NotFound(f"There is no issued invoice {invoice.number or invoice.public_id}.")
    if invoice.lifecycle == Lifecycle.VOIDED:
        raise WrongState(f"{invoice.number} is voided; nothing can be applied to it.")
    debit = Item.objects.filter(pk=invoice.pk, account=credit.account_id).first()
    if debit is None:
        raise Invalid(f"{invoice.number} is another customer's.", code="wrong_customer")
    day = max(credit.issued_on, debit.issued_on)
    allocate(credit, debit, amount, max(day, on) if on else day)
