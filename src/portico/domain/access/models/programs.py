from typing import ClassVar

from django.db import models

from portico.lib.clock import now
from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id


class ApiScope(models.TextChoices):
    """What a key may be used for: reading, changing, and making links that open a customer's pages."""

    READ = "read"
    WRITE = "write"
    LINKS = "links"


def every_scope() -> list[str]:
    """Return all that a key can be for, as one has it that is made without a choice."""
    return list(ApiScope.values)


class ApiKey(models.Model):
    """A program's key to one business, for some scopes. Only its hash and its first characters are kept."""

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=20)
    secret_hash = models.CharField(max_length=64, unique=True)
    key_id = models.CharField(max_length=16)
    scopes = models.JSONField(default=every_scope)
    created_by = models.CharField(max_length=200, blank=True)
    created_at = MomentField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    # Since when another key has its place; it goes on until it expires.
    replaced_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def ref(self) -> Ref:
        return Ref("api_key", self.id)

    @property
    def public_id(self) -> str:
        return public_id("api_key", self.id)

    @property
    def state(self) -> str:
        """`active`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now() else "active"


class StoredResponse(models.Model):
    """The response to a program's request, stored under its Idempotency-Key in the same transaction as the change."""

    id = KeyField()
    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    created_at = MomentField()

    class Meta:
        db_table = "access_idempotentanswer"
        constraints: ClassVar = [models.UniqueConstraint(fields=["api_key", "key"], name="idempotency_key_once")]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="answers_by_age")]

    def __str__(self) -> str:
        return self.key


class RateLimitCounter(models.Model):
    """How often something was tried within a window of time. Its name is a hash."""

    name = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "access_tally"
        indexes: ClassVar = [models.Index(fields=["ends_at"], name="tallies_by_end")]

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at:%Y-%m-%d %H:%M}"
