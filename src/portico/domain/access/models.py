from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q, QuerySet

from portico.lib.clock import now
from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id

# How many codes may be typed for one mail.
MOST_TRIES = 5


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


class _EndsWithContact:
    """What becomes of a contact's rows when the contact is removed, by whatever deed: they end, and stay to be seen.

    Who holds such a link is told that it was withdrawn, and staff see how it was used. `standing` are the rows that had
    not ended before, `ended_at` is the column that says when one did, and `more` what else is then set.
    """

    def __init__(self, standing: Q, ended_at: str, **more: str) -> None:
        self.standing, self.ended_at, self.more = standing, ended_at, more

    def __call__(self, collector: Any, field: Any, rows: QuerySet[Any], _using: str) -> None:
        # Lists, which are written to by key: a query would look for a contact that another update has taken away.
        standing = list(rows.filter(self.standing))
        for name, value in {self.ended_at: now(), **self.more}.items():
            collector.add_field_update(field.model._meta.get_field(name), value, standing)
        collector.add_field_update(field, None, list(rows))

    def deconstruct(self) -> tuple[str, list[None], dict[str, Any]]:
        """Migrations know it as setting NULL, so that none of them imports the application."""
        return "django.db.models.SET", [None], {}


class Grant(models.Model):
    """A link: who may come in as which customer, for what, until when. The secret itself is never stored."""

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, db_index=False, related_name="grants")
    contact = models.ForeignKey(
        "customers.Contact",
        # One that was used up opens nothing any more, and what it opened is judged by the address proved since.
        on_delete=_EndsWithContact(
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

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(purpose="portal_link", revoked_at=None),
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
    def once(self) -> bool:
        """Whether it opens a single time, and therefore only when a person says so."""
        return self.max_uses == 1

    @property
    def state(self) -> str:
        """`active`, `expired`, `revoked`, `replaced` or `used_up`."""
        if self.revoked_at is not None:
            return self.revoked_because or "revoked"
        if self.max_uses is not None and self.use_count >= self.max_uses:
            return "used_up"
        return "active" if now() < self.expires_at else "expired"


class PortalSession(models.Model):
    """A customer's visit, opened by a grant and ended with it. The cookie's token is stored as a hash.

    `email` is the address the visitor has proved to read; empty for whoever merely holds a link. `proved_at` is when
    the visitor last showed who they are: opening the visit counts. `signed_out` says that the visitor ended it.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="sessions")
    contact = models.ForeignKey(
        "customers.Contact", on_delete=_EndsWithContact(Q(ended_at=None), "ended_at"), null=True, related_name="+"
    )
    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="sessions")
    scope = models.CharField(max_length=20, choices=Scope.choices, default=Scope.ACCOUNT)
    target_kind = models.CharField(max_length=30, blank=True)
    target_id = models.UUIDField(null=True)
    email = models.EmailField(blank=True)
    return_url = models.URLField(blank=True, max_length=500)
    token_hash = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=255)
    language = models.CharField(max_length=10, blank=True)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=255, blank=True)
    created_at = MomentField()
    proved_at = MomentField()
    last_seen_at = MomentField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    signed_out = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="sessions_by_expiry")]

    def __str__(self) -> str:
        return self.public_id

    @property
    def target(self) -> Ref | None:
        """The one thing it reaches, or None when it reaches an account."""
        return Ref(self.target_kind, self.target_id) if self.target_id else None

    @property
    def put_out(self) -> bool:
        """Somebody else ended it, or its link, or closed the portal. Leaving and being idle are no such ends."""
        closed = self.business.portal_closed_at
        return (
            (self.ended_at is not None and not self.signed_out)
            or self.grant.state in {"revoked", "replaced"}
            or (closed is not None and self.created_at < closed)
        )

    @property
    def ref(self) -> Ref:
        return Ref("session", self.id)

    @property
    def public_id(self) -> str:
        return public_id("session", self.id)


class Challenge(models.Model):
    """A question to whoever reads an address: a mail with a link and a code, one of which comes back.

    It stands for sign-in whether or not anybody has the address, so that asking looks the same for both; `customer` is
    known where somebody signed in proves themselves anew. Of link, code and the asking browser only hashes are kept.
    `session` is the visit that asked or, of a sign-in, the one that came of it; of an undo, the one that asked for the
    change.
    """

    class Kind(models.TextChoices):
        SIGN_IN = "sign_in"
        STEP_UP = "step_up"
        EMAIL_CHANGE = "email_change"
        EMAIL_UNDO = "email_undo"

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, null=True, related_name="+")
    session = models.ForeignKey(PortalSession, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    email = models.EmailField()
    page = models.CharField(max_length=500, blank=True)
    secret_hash = models.CharField(max_length=64, blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    browser_hash = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(max_length=10, blank=True)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=255, blank=True)
    created_at = MomentField()
    expires_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["secret_hash"], name="challenges_by_secret"),
            models.Index(fields=["browser_hash"], name="challenges_of_browser"),
            models.Index(fields=["expires_at"], name="challenges_by_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def ref(self) -> Ref:
        return Ref("challenge", self.id)

    @property
    def public_id(self) -> str:
        return public_id("challenge", self.id)

    @property
    def state(self) -> str:
        """`open` while it can still be met, else `used_up`, `expired`, `withdrawn`, or `spent` by wrong codes.

        What was asked in a visit is withdrawn once that visit is put out.
        """
        if self.met_at is not None:
            return "used_up"
        if now() >= self.expires_at:
            return "expired"
        if self.session is not None and self.kind != self.Kind.EMAIL_UNDO and self.session.put_out:
            return "withdrawn"
        return "open" if self.tries < MOST_TRIES else "spent"


class MagicKey(models.Model):
    """The key a business signs its own sign-in links with. It is needed to check them, so it is kept sealed."""

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


class ApiKey(models.Model):
    """A program's key to one business. Only its hash and its first characters are kept."""

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=20)
    secret_hash = models.CharField(max_length=64, unique=True)
    key_id = models.CharField(max_length=16)
    created_by = models.CharField(max_length=200, blank=True)
    created_at = MomentField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def ref(self) -> Ref:
        return Ref("api_key", self.id)

    @property
    def public_id(self) -> str:
        return public_id("api_key", self.id)


class IdempotentAnswer(models.Model):
    """What a program's request was answered, kept for its Idempotency-Key and written with the change itself."""

    id = KeyField()
    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    created_at = MomentField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["api_key", "key"], name="idempotency_key_once")]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="answers_by_age")]

    def __str__(self) -> str:
        return self.key


class Tally(models.Model):
    """How often something was tried within a window of time: what limits are counted in. Its name is a hash."""

    name = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["ends_at"], name="tallies_by_end")]

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at:%Y-%m-%d %H:%M}"


class ServerKey(models.Model):
    """A server key that this database was written with, by its public name: see `portico.domain.access.secrets`."""

    key_id = models.CharField(max_length=16, primary_key=True)
    created_at = MomentField()

    def __str__(self) -> str:
        return self.key_id
