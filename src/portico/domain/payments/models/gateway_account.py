from typing import ClassVar

from django.db import models

from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id


class GatewayAccount(models.Model):
    """A business's account at a payment provider: which gateway, its keys, and what it may be used for.

    `settings` holds what a page may show again; `secrets` holds an encrypted JSON object that it never shows. `methods`
    maps a method (`card`, `direct_debit` …) to `{"minimum": 100, "maximum": 500000, "fee_percent": "1.5", "fee_fixed":
    30}`; amounts in minor units of the business's currency, for payments in that one; every key optional; a method that
    is not in it is not offered.
    """

    id = KeyField()
    business = models.ForeignKey(
        "businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="gateway_accounts"
    )
    gateway = models.CharField(max_length=40)
    provider_account = models.CharField(max_length=255, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    enabled = models.BooleanField(default=True)
    settings = models.JSONField(default=dict, blank=True)
    secrets = models.TextField(blank=True)
    methods = models.JSONField(default=dict, blank=True)
    webhook_received_at = models.DateTimeField(null=True)
    webhook_error = models.CharField(max_length=255, blank=True)
    created_at = MomentField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["business", "gateway"], name="gateway_account_once"),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} of {self.business_id}"

    @property
    def ref(self) -> Ref:
        return Ref("gateway_account", self.id)

    @property
    def public_id(self) -> str:
        return public_id("gateway_account", self.id)
