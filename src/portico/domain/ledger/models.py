from typing import ClassVar

from django.db import models

from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref


class EntryKind(models.TextChoices):
    """What happened to a customer's account. A reversal is a fact of its own, on its own day."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"
    REFUND = "refund"
    WRITE_OFF = "write_off"
    # A write-off that the customer is not told of: it reads as settled.
    SETTLEMENT = "settlement"
    DISPUTE = "dispute"
    CREDIT_ADJUSTMENT = "credit_adjustment"
    INVOICE_VOID = "invoice_void"
    CREDIT_NOTE_VOID = "credit_note_void"
    PAYMENT_VOID = "payment_void"
    WRITE_OFF_REVERSAL = "write_off_reversal"
    SETTLEMENT_REVERSAL = "settlement_reversal"
    REFUND_REVERSAL = "refund_reversal"
    DISPUTE_REVERSAL = "dispute_reversal"


class Account(models.Model):
    """A customer's account in one currency. `balance` caches the sum of its entries; the row is the account's lock."""

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="+")
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, db_index=False, related_name="accounts"
    )
    currency = models.CharField(max_length=3)
    balance = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["customer", "currency"], name="account_once")]
        indexes: ClassVar = [models.Index(fields=["business", "currency"], name="accounts_of_business")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.currency}"


class Item(models.Model):
    """What entries and allocations belong to: a document, payment, refund, write-off, dispute or credit adjustment.

    It has that thing's own key. `amount` is signed like an entry: positive for what the customer owes (an invoice),
    negative for a credit. `open` is what is left of it, a cache of its entries and allocations.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=100, blank=True)
    issued_on = models.DateField()
    due_on = models.DateField(null=True)
    amount = models.BigIntegerField()
    open = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "issued_on"], condition=~models.Q(open=0), name="open_items_of_account"),
            models.Index(fields=["business", "issued_on"], condition=~models.Q(open=0), name="open_items_of_business"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.id)


class Entry(models.Model):
    """One money fact, only ever added: positive when the customer owes more by it, negative when less.

    A reversal is an entry of its own on the item it reverses, on the day it happens.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False, related_name="entries")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="entries")
    date = models.DateField()
    amount = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=EntryKind.choices)
    created_at = MomentField()

    class Meta:
        indexes: ClassVar = [
            # With the amount, so that a statement's sums are read from the index alone.
            models.Index(fields=["account", "date", "id", "amount"], name="entries_of_account"),
            models.Index(fields=["business", "date"], name="entries_of_business"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class Allocation(models.Model):
    """A credit put against a debit on a day. Taken back by a row with the negative amount, never by a change."""

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False, related_name="allocations")
    credit = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="given")
    debit = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="received")
    date = models.DateField()
    amount = models.BigIntegerField()
    created_at = MomentField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "date"], name="allocations_of_account"),
            models.Index(fields=["business", "date"], name="allocations_of_business"),
        ]

    def __str__(self) -> str:
        return f"{self.credit_id} → {self.debit_id} {self.amount}"
