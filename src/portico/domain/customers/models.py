from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models.functions import Lower

from portico.domain.activity.models import Versioned
from portico.domain.search.models import FoundAs, Group
from portico.lib.columns import KeyField, MomentField
from portico.lib.folding import name_words, sorted_as, words
from portico.lib.ids import Ref, public_id

ADDRESS_FIELDS = ("line1", "line2", "postal_code", "city", "region", "country")


class Customer(Versioned):
    """A company or a person that a business sends its invoices to, with an account of its own.

    `name` is what pages call it, `legal_name` what documents do where it is another. `payment_terms_days` is when its
    invoices fall due that say nothing else. `credit_limit` is in minor units of `credit_limit_currency`. `staff_notes`
    and `metadata` are the business's own: its customer never sees them. Of a customer that was merged into another one
    the row alone is left, so that its ids and addresses still lead there.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, related_name="customers")
    external_id = models.CharField(max_length=255, blank=True)
    name = models.CharField(max_length=255)
    # Kept beside the name: what lists are sorted by, as databases sort accents and case each in their own way.
    sort_name = models.CharField(max_length=255, blank=True, editable=False)
    legal_name = models.CharField(max_length=255, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=10, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    tax_id = models.CharField(max_length=60, blank=True)
    registration_number = models.CharField(max_length=60, blank=True)
    import_keys = models.JSONField(default=list, blank=True)
    # Ways to pay that are not offered to it, by the names of `payments.models.Method`.
    disabled_methods = models.JSONField(default=list, blank=True)
    payment_terms_days = models.PositiveSmallIntegerField(null=True)
    credit_limit = models.BigIntegerField(null=True)
    credit_limit_currency = models.CharField(max_length=3, blank=True)
    reminders_stopped = models.BooleanField(default=False)
    staff_notes = models.TextField(blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    archived_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    created_at = MomentField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["business", "external_id"], condition=~models.Q(external_id=""), name="customer_external_id"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["business", "sort_name", "id"], name="customers_by_name"),
            models.Index("business", Lower("email"), name="customers_by_address"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        """Keep the name that lists are sorted by as the name is."""
        self.sort_name = sorted_as(self.name)
        fields = options.get("update_fields")
        if fields is not None and "name" in fields:
            options["update_fields"] = {*fields, "sort_name"}
        super().save(*args, **options)

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

    @property
    def current(self) -> "Customer":
        """The customer that it became part of, or itself."""
        return self.merged_into or self

    def found_as(self) -> FoundAs:
        """The words it is found by: its own, and those of its contacts, which are read; none once it is merged."""
        contacts = [text for pair in self.contacts.values_list("name", "email") for text in pair]
        # Those that became part of it, and it alone, are found as it.
        for texts in self.merged.values_list("name", "external_id", "email"):
            contacts += texts
        # Written in groups or in one: both are looked for.
        numbers = [self.external_id, self.tax_id, self.registration_number, self.phone]
        joined = ["".join(text.split()) for text in numbers]
        found = name_words(self.name) | words(self.email, *numbers, *joined, *contacts)
        return FoundAs(self.business_id, Group.CUSTOMERS, self.id, set() if self.merged_into_id else found)


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

    def found_as(self) -> FoundAs:
        """Its customer's: a search finds the account."""
        return self.customer.found_as()


class MailTopic(models.TextChoices):
    """The mails that their recipients may switch off. All others are owed, asked for, or about who may sign in."""

    REMINDERS = "reminders"
    STATEMENTS = "statements"
    ESTIMATES = "estimates"
    MESSAGES = "messages"


class MailOptOut(models.Model):
    """That an address of a customer gets no mails of a topic. It is the address's, in small letters, not a person's."""

    id = KeyField()
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, db_index=False, related_name="mail_opt_outs")
    email = models.EmailField()
    topic = models.CharField(max_length=20, choices=MailTopic.choices)
    created_at = MomentField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "email", "topic"], name="mail_opt_out_once")
        ]

    def __str__(self) -> str:
        return f"no {self.topic} to {self.email}"
