from typing import ClassVar

from django.db import models

from portico.domain.payments.models.payment import Method
from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id


class AttemptState(models.TextChoices):
    """How far an attempt to collect money has come. The last three are final."""

    CREATED = "created"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


ACTIVE_STATES = frozenset({AttemptState.CREATED, AttemptState.REQUIRES_ACTION, AttemptState.PROCESSING})


class AttemptPurpose(models.TextChoices):
    INVOICES = "invoices"
    ADVANCE = "advance"
    DEPOSIT = "deposit"
    AUTOPAY = "autopay"


class PaymentAttempt(models.Model):
    """A try to collect money through a provider, committed before the provider is asked. It makes one payment at most.

    `amount` (minor units) is what reaches the customer's account, `fee` what is charged on top of it. The public id is
    the idempotency key that the provider gets. `submission` names the form or request that asked, so that sending it
    twice makes one attempt. `provider_id` is empty until the provider answered.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="+")
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, db_index=False, related_name="payment_attempts"
    )
    gateway_account = models.ForeignKey("payments.GatewayAccount", on_delete=models.PROTECT, related_name="attempts")
    purpose = models.CharField(max_length=10, choices=AttemptPurpose.choices, default=AttemptPurpose.INVOICES)
    state = models.CharField(max_length=16, choices=AttemptState.choices, default=AttemptState.CREATED)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    fee = models.BigIntegerField(default=0)
    method = models.CharField(max_length=20, choices=Method.choices)
    saved_method = models.ForeignKey("payments.PaymentMethod", on_delete=models.PROTECT, null=True, related_name="+")
    saves_method = models.BooleanField(default=False)
    enrols_autopay = models.BooleanField(default=False)
    off_session = models.BooleanField(default=False)
    receipt_email = models.EmailField(blank=True)
    submission = models.CharField(max_length=100)
    provider_account = models.CharField(max_length=255, blank=True)
    provider_id = models.CharField(max_length=255, blank=True)
    action_url = models.TextField(blank=True)
    failure_code = models.CharField(max_length=60, blank=True)
    failure_message = models.CharField(max_length=255, blank=True)
    payment = models.OneToOneField("payments.Payment", on_delete=models.PROTECT, null=True, related_name="attempt")
    created_at = MomentField()
    asked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["business", "submission"], name="attempt_submission_once"),
            # Two gateways may lead to one account at a provider, and its events reach both: one payment all the same.
            models.UniqueConstraint(
                fields=["provider_account", "provider_id"],
                condition=~models.Q(provider_id=""),
                name="attempt_provider_id_once",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0, fee__gte=0), name="attempt_amounts_positive"),
            models.CheckConstraint(
                condition=models.Q(state="succeeded", payment__isnull=False)
                | (~models.Q(state="succeeded") & models.Q(payment__isnull=True)),
                name="attempt_payment_when_succeeded",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "business", "-id"], name="attempts_of_customer"),
            models.Index(fields=["business", "-id"], name="attempts_of_business"),
            models.Index(
                fields=["asked_at", "id"],
                condition=models.Q(state__in=["created", "requires_action", "processing"]),
                name="attempts_left_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.amount} {self.currency}"

    @property
    def ref(self) -> Ref:
        return Ref("payment_attempt", self.id)

    @property
    def public_id(self) -> str:
        return public_id("payment_attempt", self.id)

    @property
    def charged(self) -> int:
        """What the provider is asked to collect, in minor units."""
        return self.amount + self.fee

    @property
    def is_active(self) -> bool:
        """Whether money may still come of it."""
        return self.state in ACTIVE_STATES


class AttemptShare(models.Model):
    """What an attempt is to pay of one document. With `credit`, what is to be taken from that credit when it succeeds.

    `active` follows the attempt's state: a document has at most one attempt that may still collect money for it.
    """

    id = KeyField()
    attempt = models.ForeignKey(PaymentAttempt, on_delete=models.CASCADE, related_name="shares")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    credit = models.ForeignKey("ledger.Item", on_delete=models.PROTECT, null=True, related_name="+")
    amount = models.BigIntegerField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document"],
                condition=models.Q(active=True, credit__isnull=True),
                name="document_active_attempt_once",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="attempt_share_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.document_id}"
