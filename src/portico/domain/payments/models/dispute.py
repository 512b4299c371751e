from typing import ClassVar

from django.db import models

from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id


class DisputeState(models.TextChoices):
    """How far a dispute has come. `withdrawn`: it is open, and the bank took the money back for the time being."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    WON = "won"
    LOST = "lost"


class Dispute(models.Model):
    """A customer's objection, at the bank, to a payment that was collected.

    `amount` (minor units) is what is disputed, `taken` what of the payment the bank has taken back and not returned;
    `taken_from` has what is owed again by that, by invoice.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="+")
    payment = models.ForeignKey("payments.Payment", on_delete=models.PROTECT, related_name="disputes")
    provider_account = models.CharField(max_length=255)
    provider_id = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=DisputeState.choices, default=DisputeState.OPEN)
    amount = models.BigIntegerField()
    taken = models.BigIntegerField(default=0)
    taken_from = models.JSONField(default=dict)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    created_at = MomentField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider_account", "provider_id"], name="dispute_provider_id_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["business", "-id"], name="disputes_of_business")]

    def __str__(self) -> str:
        return f"dispute of {self.payment}"

    @property
    def ref(self) -> Ref:
        return Ref("dispute", self.id)

    @property
    def public_id(self) -> str:
        return public_id("dispute", self.id)

    @property
    def is_open(self) -> bool:
        """Whether it is still to be decided."""
        return self.state in {DisputeState.OPEN, DisputeState.WITHDRAWN}
