from typing import ClassVar

from django.db import models

from portico.domain.businesses.models import Membership
from portico.lib.clock import now
from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id


class StaffLink(models.Model):
    """A link mailed to staff, good once: an invitation to a business, or to choose a new password.

    A password's has a row for every address that was asked for, known or not, and a `business` only where it is known.
    The secret is made when the mail is sent; only its hash is kept.
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation"
        PASSWORD = "password"  # noqa: S105 - the name of a kind

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Membership.Role.choices, blank=True)
    secret_hash = models.CharField(max_length=64, blank=True)
    created_by = models.CharField(max_length=200, blank=True)
    # Who of the staff sent the invitation last: it ends with their right to invite.
    invited_by = models.ForeignKey("businesses.User", on_delete=models.SET_NULL, null=True, related_name="+")
    language = models.CharField(max_length=10, blank=True)
    ip = models.GenericIPAddressField(null=True)
    created_at = MomentField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["secret_hash"], name="staff_links_by_secret"),
            models.Index(fields=["expires_at"], name="staff_links_by_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.email}"

    @property
    def ref(self) -> Ref:
        return Ref("staff_link", self.id)

    @property
    def public_id(self) -> str:
        return public_id("staff_link", self.id)

    @property
    def state(self) -> str:
        """`open` while it can be used, else `used`, `withdrawn` or `expired`."""
        if self.used_at is not None:
            return "used"
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "expired" if now() >= self.expires_at else "open"
