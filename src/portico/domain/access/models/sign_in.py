from typing import ClassVar

from django.db import models

from portico.domain.access.models.sessions import PortalSession
from portico.domain.search.models import FoundAs
from portico.lib.clock import now
from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id

# How many codes may be typed for one mail.
MOST_TRIES = 5


class EmailVerification(models.Model):
    """A request to prove that one reads an e-mail address: a mail with a link and a code, one of which comes back.

    A sign-in has one whether or not the address is on file, so that the answer looks the same for both; `customer` is
    set where somebody who is signed in verifies an address. Of link, code and requesting browser only hashes are kept.
    `session` is the one that requested it; for a sign-in the one it opened, for an undo the one that asked for the
    change. Tables, columns and public ids keep the model's first name, challenge.
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
    verified_at = models.DateTimeField(null=True, db_column="met_at")

    class Meta:
        db_table = "access_challenge"
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

    def found_as(self) -> FoundAs:
        """The words of the customer whose address it changed."""
        assert self.customer is not None, "an address is changed by somebody who is signed in"
        return self.customer.found_as()

    @property
    def state(self) -> str:
        """`open` while it can be verified, else `used_up`, `expired`, `withdrawn`, or `spent` by wrong codes.

        It is withdrawn when somebody else ends the session that requested it.
        """
        if self.verified_at is not None:
            return "used_up"
        if now() >= self.expires_at:
            return "expired"
        if self.session is not None and self.kind != self.Kind.EMAIL_UNDO and self.session.put_out:
            return "withdrawn"
        return "open" if self.tries < MOST_TRIES else "spent"
