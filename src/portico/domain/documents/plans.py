"""A payment plan: the days on which the parts of an invoice are due, in place of its due date."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Protocol

from django.db import models

from portico.domain.documents.kinds import Lifecycle
from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id


class PlanState(models.TextChoices):
    """What a plan reads as. It is never stored: it follows from its approval, its end and the invoice's money."""

    AWAITING_APPROVAL = "awaiting_approval"
    ACTIVE = "active"
    FINISHED = "finished"
    CANCELED = "canceled"


class Interval(models.TextChoices):
    """How far instalments are apart."""

    WEEK = "week"
    TWO_WEEKS = "two_weeks"
    MONTH = "month"


class PartState(models.TextChoices):
    """How an instalment stands on a day."""

    PAID = "paid"
    MISSED = "missed"
    DUE = "due"
    UPCOMING = "upcoming"


class PaymentPlan(models.Model):
    """That an invoice is paid in instalments. A change of it is another plan in its place, so that an approval stays
    with what was approved.

    With `needs_approval` it counts once its customer has approved it. With `collects` each instalment is collected by
    the customer's default payment method on its day. `ended_at` says that it was canceled, or replaced.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, db_index=False, related_name="+")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="payment_plans")
    needs_approval = models.BooleanField()
    collects = models.BooleanField()
    created_at = MomentField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document"], condition=models.Q(ended_at__isnull=True), name="plan_once_per_document"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["customer", "business"], condition=models.Q(ended_at__isnull=True), name="plans_of_customer"
            ),
            models.Index(fields=["business"], condition=models.Q(ended_at__isnull=True), name="plans_of_business"),
        ]

    def __str__(self) -> str:
        return f"payment plan of {self.document_id}"

    @property
    def ref(self) -> Ref:
        return Ref("payment_plan", self.id)

    @property
    def public_id(self) -> str:
        return public_id("payment_plan", self.id)

    @property
    def given_approval(self) -> "PlanApproval | None":
        """How the customer approved it, if they did."""
        return getattr(self, "approval", None)

    @property
    def state(self) -> PlanState:
        """What it reads as."""
        if self.ended_at is not None or self.document.lifecycle != Lifecycle.ISSUED or self.document.written_off:
            return PlanState.CANCELED
        if self.document.open_amount <= 0:
            return PlanState.FINISHED
        if self.needs_approval and self.given_approval is None:
            return PlanState.AWAITING_APPROVAL
        return PlanState.ACTIVE

    @property
    def is_collecting(self) -> bool:
        """Whether it runs and its instalments are collected."""
        return self.collects and self.state == PlanState.ACTIVE

    @property
    def parts(self) -> list["Part"]:
        """The instalments in their order, with what is left of each."""
        return parts_of(self.instalments.all(), self.document.open_amount)

    @property
    def next_part(self) -> "Part | None":
        """The first instalment with something left of it."""
        return next((part for part in self.parts if part.left), None)

    def asked(self, today: date) -> int:
        """What is to be paid now, in minor units: all that is due, else the next instalment."""
        due = sum(part.left for part in self.parts if part.due_on <= today)
        part = self.next_part
        return due or (part.left if part else 0)

    @property
    def total(self) -> int:
        """What all instalments come to, in minor units."""
        return sum(row.amount for row in self.instalments.all())

    @property
    def facts(self) -> dict[str, object]:
        """What the history tells of it."""
        rows = list(self.instalments.all())
        return {
            "number": self.document.number,
            "invoice": self.document.public_id,
            "currency": self.document.currency,
            "amount": self.total,
            "instalments": [[row.due_on.isoformat(), row.amount] for row in rows],
            "needs_approval": self.needs_approval,
            "collects": self.collects,
        }


class Instalment(models.Model):
    """A part of an invoice (minor units) that is due on a day.

    `open_after` is what is left of the invoice once it is paid, so that how far a plan has come follows from what is
    open of the invoice: instalments are covered in their order by whatever pays it.
    """

    id = KeyField()
    plan = models.ForeignKey(PaymentPlan, on_delete=models.CASCADE, db_index=False, related_name="instalments")
    due_on = models.DateField()
    amount = models.BigIntegerField()
    open_after = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["due_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "due_on"], name="instalment_once_a_day"),
            models.CheckConstraint(condition=models.Q(amount__gt=0, open_after__gte=0), name="instalment_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} on {self.due_on}"


class PlanApproval(models.Model):
    """That a customer approved a payment plan, with the evidence: who, when and from where. Rows are only added.

    `contact` and `link` say whose session it was.
    """

    id = KeyField()
    plan = models.OneToOneField(PaymentPlan, on_delete=models.PROTECT, related_name="approval")
    name = models.CharField(max_length=200)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=40, blank=True)
    contact = models.CharField(max_length=255, blank=True)
    link = models.CharField(max_length=40, blank=True)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=500, blank=True)
    at = MomentField()

    def __str__(self) -> str:
        return f"approval by {self.name}"


class Planned(Protocol):
    """A part of a plan as it was agreed."""

    due_on: date
    amount: int
    open_after: int


@dataclass(frozen=True, slots=True)
class Part:
    """An instalment with what is left to pay of it, in minor units."""

    due_on: date
    amount: int
    left: int

    def state(self, today: date) -> PartState:
        """Return how it stands on the business's `today`."""
        if not self.left:
            return PartState.PAID
        if self.due_on < today:
            return PartState.MISSED
        return PartState.DUE if self.due_on == today else PartState.UPCOMING


def parts_of(rows: Iterable[Planned], open_amount: int) -> list[Part]:
    """Return instalments with what is left of each, which adds up to what is open of the invoice.

    What is paid covers them in their order. What comes back onto the invoice beyond the plan is due with the first.
    """
    found: list[Part] = []
    before = open_amount
    for row in rows:
        left = max(0, min(open_amount, before) - row.open_after)
        found.append(Part(row.due_on, row.amount, left))
        before = row.open_after
    return found


def amounts_left(amounts: Sequence[int]) -> list[int]:
    """Return what is left of the whole after each of these parts."""
    return [sum(amounts[index + 1 :]) for index in range(len(amounts))]


def equal_parts(total: int, number: int) -> list[int]:
    """Return a total in so many equal parts; the last one takes what does not divide."""
    part = total // number
    return [*([part] * (number - 1)), total - part * (number - 1)]


def days_from(first: date, number: int, interval: Interval) -> list[date]:
    """Return so many days, the first one given. A month on from the 31st is a shorter month's last day."""
    if interval != Interval.MONTH:
        apart = timedelta(weeks=1 if interval == Interval.WEEK else 2)
        return [first + apart * index for index in range(number)]
    return [_months_on(first, index) for index in range(number)]


def _months_on(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
