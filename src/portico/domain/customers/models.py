from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models.functions import Lower

from portico.domain.activity.models import Versioned
from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id

ADDRESS_FIELDS = ("line1", "line2", "postal_code", "city", "region", "country")


class Customer(Versioned):
    """Whoever a business sends its invoices to: a company or a person, with an account of its own."""

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, related_name="customers")
    external_id = models.CharField(max_length=255, blank=True)
    name = models.CharField(max_length=255)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=10, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    tax_id = models.CharField(max_length=60, blank=True)
    registration_number = models.CharField(max_length=60, blank=True)
    import_keys = models.JSONField(default=list, blank=True)
    # Ways to pay that are not offered to it, by the names of `payments.models.Method`.
    disabled_methods = models.JSONField(default=list, blank=True)
    created_at = MomentField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["business", "external_id"], condition=~models.Q(external_id=""), name="customer_external_id"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["business", "name", "id"], name="customers_by_name"),
            models.Index("business", Lower("email"), name="customers_by_address"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def customer_id(self) -> UUID:
        """Its own key, so that an event about the customer finds it as in every other row of the customer."""
        key: UUID = self.id
        return key

    @property
    def ref(self) -> Ref:
        return Ref("customer", self.id)

    @property
    def public_id(self) -> str:
        return public_id("customer", self.id)


class Address(models.Model):
    """A customer's billing or shipping address; at most one of each kind."""

    class Kind(models.TextChoices):
        BILLING = "billing"
        SHIPPING = "shipping"

    id = KeyField()
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.BILLING)
    line1 = models.CharField(max_length=200, blank=True)
    line2 = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=30, blank=True)
    city = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["customer", "kind"], name="address_kind_once")]

    def __str__(self) -> str:
        return ", ".join(
            filter(None, [self.line1, self.line2, f"{self.postal_code} {self.city}".strip(), self.country])
        )


class Contact(models.Model):
    """A person at a customer who may be written to and may sign in for it."""

    id = KeyField()
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=100, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        indexes: ClassVar = [models.Index(Lower("email"), name="contacts_by_address")]

    def __str__(self) -> str:
        return self.name

    @property
    def business_id(self) -> UUID:
        key: UUID = self.customer.business_id
        return key

    @property
    def ref(self) -> Ref:
        return Ref("contact", self.id)

    @property
    def public_id(self) -> str:
        return public_id("contact", self.id)
