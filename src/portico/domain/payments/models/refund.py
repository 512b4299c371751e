from typing import ClassVar

from django.db import models

from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id


class RefundState(models.TextChoices):
    """How far a refund has come. One that was noted by hand has succeeded from the start."""

    CREATED = "created"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


ACTIVE_REFUNDS = frozenset({RefundState.CREATED, RefundState.PROCESSING})


class Refund(models.Model):
    """Money given back of a payment: by hand, or through the provider that collected it.

    With a `gateway_account` it is committed before the provider is asked, under its public id as idempotency key, and
    counts once the provider says it succeeded. `submission` names the form that asked for it, sent twice or not.
    `taken_from` has what is owed again by it, by invoice (minor units), for money that comes back: empty when all of
    it was unapplied, null of refunds from before it was kept.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, related_name="+")
    payment = models.ForeignKey("payments.Payment", on_delete=models.PROTECT, related_name="refunds")
    gateway_account = models.ForeignKey(
        "payments.GatewayAccount", on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=12, choices=RefundState.choices, default=RefundState.SUCCEEDED)
    amount = models.BigIntegerField()
    refunded_on = models.DateField()
    reason = models.CharField(max_length=255, blank=True)
    submission = models.CharField(max_length=100, blank=True)
    provider_account = models.CharField(max_length=255, blank=True)
    provider_id = models.CharField(max_length=255, blank=True)
    failure_message = models.CharField(max_length=255, blank=True)
    taken_from = models.JSONField(default=dict, null=True)
    created_at = MomentField()
    asked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["business", "submission"], condition=~models.Q(submission=""), name="refund_submission_once"
            ),
            models.UniqueConstraint(
                fields=["provider_account", "provider_id"],
                condition=~models.Q(provider_id=""),
                name="refund_provider_id_once",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_amount_positive"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["created_at", "id"],
                condition=models.Q(state__in=["created", "processing"]),
                name="refunds_left_open",
            ),
        ]

    def __str__(self) -> str:
        return f"refund of {self.payment}"

    @property
    def ref(self) -> Ref:
        return Ref("refund", self.id)

    @property
    def public_id(self) -> str:
        return public_id("refund", self.id)

    @property
    def is_active(self) -> bool:
        """Whether the provider may still give the money back."""
        return self.state in ACTIVE_REFUNDS
