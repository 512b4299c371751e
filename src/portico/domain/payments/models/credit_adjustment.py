from typing import ClassVar

from django.db import models

from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id


class CreditAdjustment(models.Model):
    """A change of a customer's credit balance by staff or a program: a goodwill credit, or one taken away again.

    `amount` (minor units) is positive for what the customer gets. `submission` names the form that asked for it.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, db_index=False, related_name="+")
    item = models.OneToOneField("ledger.Item", on_delete=models.PROTECT, related_name="credit_adjustment")
    number = models.CharField(max_length=100)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    adjusted_on = models.DateField()
    reason = models.CharField(max_length=255)
    submission = models.CharField(max_length=100, blank=True)
    created_at = MomentField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["business", "number"], name="credit_adjustment_number_once"),
            models.UniqueConstraint(
                fields=["business", "submission"],
                condition=~models.Q(submission=""),
                name="credit_adjustment_submission_once",
            ),
            models.CheckConstraint(condition=~models.Q(amount=0), name="credit_adjustment_amount_not_zero"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "business", "-adjusted_on", "-id"], name="adjustments_of_customer"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def ref(self) -> Ref:
        return Ref("credit_adjustment", self.id)

    @property
    def public_id(self) -> str:
        return public_id("credit_adjustment", self.id)
