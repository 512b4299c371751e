from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from portico.domain.access.models.ends_with_contact import EndsWithContact
from portico.lib.clock import now
from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id


class Purpose(models.TextChoices):
    """What a link is for. The value salts the hash of its secret: one purpose's secret never opens another's."""

    PORTAL_LINK = "portal_link"
    API_PORTAL_URL = "api_portal_url"
    SIGN_IN_MAIL = "sign_in_mail"
    MAGIC_LINK = "magic_link"
    SIGNED_LINK = "signed_link"
    DOCUMENT_LINK = "document_link"
    MANAGE_SUBSCRIPTION = "manage_subscription"
    SIGN_UP = "sign_up"


class Scope(models.TextChoices):
    """How far a session reaches: one thing, a subscription and what pays for it, or the whole account."""

    DOCUMENT = "document"
    SUBSCRIPTION = "subscription"
    ACCOUNT = "account"


PREFIXES = {
    Purpose.PORTAL_LINK: "pl",
    Purpose.API_PORTAL_URL: "pu",
    Purpose.SIGN_IN_MAIL: "si",
    Purpose.MAGIC_LINK: "ml",
    Purpose.DOCUMENT_LINK: "dl",
    Purpose.MANAGE_SUBSCRIPTION: "ms",
    Purpose.SIGN_UP: "up",
}

# How long after its end a link still knows what it pointed at, so that a fresh one can take its place.
RECOVERY = timedelta(days=365)

# These open more than once, and what they opened ends with them. The others are used up by opening.
LASTING = frozenset({Purpose.PORTAL_LINK, Purpose.API_PORTAL_URL, Purpose.DOCUMENT_LINK})


class Grant(models.Model):
    """A link: who may come in as which customer, for what, until when. The secret itself is never stored."""

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, db_index=False, related_name="grants")
    contact = models.ForeignKey(
        "customers.Contact",
        # One that was used up opens nothing any more, and what it opened is judged by the address proved since.
        on_delete=EndsWithContact(
            Q(revoked_at=None) & (Q(max_uses=None) | Q(use_count__lt=F("max_uses"))),
            "revoked_at",
            revoked_because="revoked",
        ),
        null=True,
        related_name="+",
    )
    email = models.EmailField(blank=True)
    purpose = models.CharField(max_length=30, choices=Purpose.choices)
    scope = models.CharField(max_length=20, choices=Scope.choices, default=Scope.ACCOUNT)
    target_kind = models.CharField(max_length=30, blank=True)
    target_id = models.UUIDField(null=True)
    page = models.CharField(max_length=40, blank=True)
    return_url = models.URLField(blank=True, max_length=500)
    magic_key = models.ForeignKey("MagicKey", on_delete=models.PROTECT, null=True, related_name="grants")
    prefix = models.CharField(max_length=20)
    secret_hash = models.CharField(max_length=64, unique=True)
    key_id = models.CharField(max_length=16)
    created_by = models.CharField(max_length=200, blank=True)
    created_at = MomentField()
    expires_at = models.DateTimeField()
    recover_until = models.DateTimeField(null=True)
    max_uses = models.PositiveIntegerField(null=True)
    use_count = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_because = models.CharField(max_length=20, blank=True)
    # The portal link of a customer that was merged into one with a link of its own: it opens that one's account, too.
    leads_over = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(purpose="portal_link", revoked_at=None, leads_over=False),
                name="one_portal_link_per_customer",
            ),
            models.UniqueConstraint(
                fields=["target_id", "target_kind"],
                condition=Q(purpose="document_link", revoked_at=None),
                name="one_document_link_per_target",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["business", "purpose", "-created_at"], name="grants_of_business"),
            models.Index(fields=["customer", "-created_at"], name="grants_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.public_id}"

    @property
    def ref(self) -> Ref:
        return Ref("grant", self.id)

    @property
    def public_id(self) -> str:
        return public_id("grant", self.id)

    @property
    def target(self) -> Ref | None:
        """The one thing it opens, or None when it opens an account."""
        return Ref(self.target_kind, self.target_id) if self.target_id else None

    @property
    def single_use(self) -> bool:
        """Whether it opens a single time, and therefore only when a person says so."""
        return self.max_uses == 1

    @property
    def may_be_embedded(self) -> bool:
        """Whether it opens in a frame: only links that a program has just made for a page of its own do."""
        return self.purpose == Purpose.API_PORTAL_URL

    @property
    def state(self) -> str:
        """`active`, `expired`, `revoked`, `replaced` or `used_up`."""
        if self.revoked_at is not None:
            return self.revoked_because or "revoked"
        if self.max_uses is not None and self.use_count >= self.max_uses:
            return "used_up"
        return "active" if now() < self.expires_at else "expired"


class MagicKey(models.Model):
    """The key a business signs its own sign-in links with. It is needed to check them, so it is kept encrypted."""

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.CASCADE, related_name="magic_keys")
    prefix = models.CharField(max_length=20)
    sealed = models.TextField()
    created_by = models.CharField(max_length=200, blank=True)
    created_at = MomentField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.prefix}…"

    @property
    def ref(self) -> Ref:
        return Ref("magic_key", self.id)

    @property
    def public_id(self) -> str:
        return public_id("magic_key", self.id)
