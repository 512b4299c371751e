from typing import ClassVar

from django.db import models

from portico.domain.search.models import FoundAs, Group
from portico.lib.columns import KeyField, MomentField
from portico.lib.folding import amount_word, words
from portico.lib.ids import Ref, public_id


class Method(models.TextChoices):
    """How money came in, as people name it."""

    BANK_TRANSFER = "bank_transfer"
    CARD = "card"
    DIRECT_DEBIT = "direct_debit"
    CHECK = "check"
    CASH = "cash"
    OTHER = "other"


class State(models.TextChoices):
    SUCCEEDED = "succeeded"
    VOIDED = "voided"


class Payment(models.Model):
    """Money received from a customer. Its allocations say what it paid; what is left is the customer's credit.

    `fee` was charged on top of `amount` for the way it was paid, and reduces no balance. `refunded` and `disputed`
    cache what was given back and what banks took back. `submission` names the form that recorded it, `deposit_of` the
    estimate whose deposit it is.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="+")
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, db_index=False, related_name="payments"
    )
    item = models.OneToOneField("ledger.Item", on_delete=models.PROTECT, related_name="payment")
    number = models.CharField(max_length=100)
    external_id = models.CharField(max_length=255, blank=True)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    fee = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)
    disputed = models.BigIntegerField(default=0)
    paid_on = models.DateField()
    method = models.CharField(max_length=20, choices=Method.choices)
    reference = models.CharField(max_length=255, blank=True)
    note = models.TextField(blank=True)
    submission = models.CharField(max_length=100, blank=True)
    deposit_of = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="deposits")
    state = models.CharField(max_length=12, choices=State.choices, default=State.SUCCEEDED)
    voided_on = models.DateField(null=True)
    created_at = MomentField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["business", "number"], name="payment_number_once"),
            models.UniqueConstraint(
                fields=["business", "external_id"], condition=~models.Q(external_id=""), name="payment_external_id_once"
            ),
            models.UniqueConstraint(
                fields=["business", "submission"], condition=~models.Q(submission=""), name="payment_submission_once"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_amount_positive"),
        ]
        indexes: ClassVar = [
            # With the business, so that SQLite takes it for a customer's rows: see the documents' indexes.
            models.Index(fields=["customer", "business", "-paid_on", "-id"], name="payments_of_customer"),
            models.Index(fields=["business", "-paid_on", "-id"], name="payments_of_business"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def ref(self) -> Ref:
        return Ref("payment", self.id)

    @property
    def public_id(self) -> str:
        return public_id("payment", self.id)

    def found_as(self) -> FoundAs:
        """The words it is found by: its number, reference and amount. The invoices it paid are asked for apart."""
        found = words(self.number, self.external_id, self.reference) | {amount_word(self.amount, self.currency)}
        return FoundAs(self.business_id, Group.PAYMENTS, self.id, found)

    @property
    def unapplied(self) -> int:
        """What of it is the customer's to use, in minor units."""
        return -self.item.open

    @property
    def kept(self) -> int:
        """What of it was neither given back nor taken back by a bank, in minor units."""
        return self.amount - self.refunded - self.disputed
