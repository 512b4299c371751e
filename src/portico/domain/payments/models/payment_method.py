from datetime import date
from typing import ClassVar

from django.db import models

from portico.domain.payments.models.payment import Method
from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id


class MethodState(models.TextChoices):
    ACTIVE = "active"
    REMOVED = "removed"


class PaymentMethod(models.Model):
    """A card or bank account that a customer saved at a provider. Portico keeps the provider's token, no number."""

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="+")
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, db_index=False, related_name="payment_methods"
    )
    gateway_account = models.ForeignKey("payments.GatewayAccount", on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=255)
    provider_customer = models.CharField(max_length=255, blank=True)
    kind = models.CharField(max_length=20, choices=Method.choices)
    brand = models.CharField(max_length=40, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    holder = models.CharField(max_length=200, blank=True)
    expires_on = models.DateField(null=True)
    # The last day that the customer was told of, before it came.
    warned_of = models.DateField(null=True)
    is_default = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=MethodState.choices, default=MethodState.ACTIVE)
    created_at = MomentField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gateway_account", "token"], name="payment_method_token_once"),
            models.UniqueConstraint(
                fields=["customer"],
                condition=models.Q(is_default=True, state=MethodState.ACTIVE),
                name="default_payment_method_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["customer", "business", "-id"], name="methods_of_customer")]

    def __str__(self) -> str:
        return f"{self.brand} {self.last4}".strip()

    @property
    def ref(self) -> Ref:
        return Ref("payment_method", self.id)

    @property
    def public_id(self) -> str:
        return public_id("payment_method", self.id)

    def expired(self, today: date) -> bool:
        """Whether it can't be charged any more; `expires_on` is the last day it is good for."""
        return self.expires_on is not None and self.expires_on < today
