from typing import ClassVar

from django.db import models

from portico.domain.payments.models.payment import Method
from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id

# The ways that bring money without a provider.
PROMISE_METHODS = (Method.BANK_TRANSFER, Method.CHECK, Method.CASH)


class PaymentPromise(models.Model):
    """What a customer said they will pay of an invoice: on which day, how, and under which reference. It is no money.

    `amount` is in minor units of the invoice's currency; `open_after` is what was to be left of the invoice then. A
    promise ends by being withdrawn or by another one in its place; whether it was kept follows from the invoice.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, db_index=False, related_name="+")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="promises")
    amount = models.BigIntegerField()
    open_after = models.BigIntegerField()
    method = models.CharField(max_length=20, choices=Method.choices)
    promised_on = models.DateField()
    reference = models.CharField(max_length=140, blank=True)
    note = models.CharField(max_length=500, blank=True)
    created_at = MomentField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document"], condition=models.Q(ended_at__isnull=True), name="promise_once_per_document"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0, open_after__gte=0), name="promise_amount_positive"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["customer", "business"],
                condition=models.Q(ended_at__isnull=True),
                name="promises_of_customer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} on {self.promised_on}"

    @property
    def ref(self) -> Ref:
        return Ref("payment_promise", self.id)

    @property
    def public_id(self) -> str:
        return public_id("payment_promise", self.id)

    @property
    def is_outstanding(self) -> bool:
        """Whether the money is still awaited: the invoice is owed, and more of it than was to be left."""
        return self.ended_at is None and self.document.is_owed and self.document.open_amount > self.open_after
