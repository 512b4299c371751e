from typing import Any, ClassVar

from django.db import models

from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id

# The name of the TXT record that proves a domain, before the domain, and what its value begins with.
PROOF_NAME = "_portico"
PROOF_VALUE = "portico-verification="


class CustomDomain(models.Model):
    """A domain of a business's own, such as `billing.example.com`, from its registration to its removal.

    It is served from its proof, a TXT record with `token`, until the proof is withdrawn or the domain is removed. Rows
    of removed domains stay: for a while nobody else can have the name. `business.custom_domain` names the one that
    links lead to.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, related_name="+")
    # In lower case, as DNS has it: other scripts are encoded (`xn--…`).
    name = models.CharField(max_length=253)
    token = models.CharField(max_length=40)
    proven_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    # When a check first found that the proof, or the way here, is gone.
    failing_since = models.DateTimeField(null=True)
    # What the last check found: the fields of `dns.Findings`.
    findings = models.JSONField(default=dict, blank=True)
    removed_at = models.DateTimeField(null=True)
    created_at = MomentField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(proven_at__isnull=False, removed_at__isnull=True),
                name="custom_domain_served_for_one",
            ),
            models.UniqueConstraint(
                fields=["business", "name"],
                condition=models.Q(removed_at__isnull=True),
                name="custom_domain_once_per_business",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        return Ref("custom_domain", self.id)

    @property
    def public_id(self) -> str:
        return public_id("custom_domain", self.id)

    @property
    def is_served(self) -> bool:
        """Whether the portal answers at it."""
        return self.proven_at is not None and self.removed_at is None

    @property
    def leads_here(self) -> bool:
        """Whether its records lead to this installation, as the last check found."""
        found: dict[str, Any] = self.findings
        return bool(found.get("leads_here"))

    @property
    def proof_name(self) -> str:
        """The name of the TXT record that proves it."""
        return f"{PROOF_NAME}.{self.name}"

    @property
    def proof_value(self) -> str:
        """The value of the TXT record that proves it."""
        return PROOF_VALUE + self.token
