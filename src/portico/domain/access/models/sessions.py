from typing import ClassVar

from django.db import models
from django.db.models import Q

from portico.domain.access.models.ends_with_contact import EndsWithContact
from portico.domain.access.models.links import Grant, Scope
from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id


class PortalSession(models.Model):
    """A customer's session, opened by a grant and ended with it. The cookie's token is stored as a hash.

    `email` is the address the visitor has proved to read; empty for a visitor who merely holds a link.
    `proved_at` is when the visitor last showed who they are: opening the session counts.
    `signed_out` says that the visitor ended it.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="sessions")
    contact = models.ForeignKey(
        "customers.Contact", on_delete=EndsWithContact(Q(ended_at=None), "ended_at"), null=True, related_name="+"
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
    # Opened in a frame of the business's own site: it is good there and nowhere else.
    embedded = models.BooleanField(default=False)
    # How the page around it asked for it: `light` or `dark`, and without a navigation of its own.
    theme = models.CharField(max_length=5, blank=True)
    hides_navigation = models.BooleanField(default=False)
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
