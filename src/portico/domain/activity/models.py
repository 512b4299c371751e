from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from portico.lib.clock import now
from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref

_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=4)


class Versioned(models.Model):
    """A row whose `revision` grows with everything recorded about it, so that an unchanged page is known as such."""

    revision = models.PositiveBigIntegerField(default=1)

    class Meta:
        abstract = True


class Activity(models.Model):
    """Who did what to what, and when: audit trail, timeline and outbox in one. Rows are only ever added.

    `react_at` is when `portico.jobs` is to react to it next; it is empty where nothing is to be done, or all is done.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="+")
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=40, blank=True)
    actor_label = models.CharField(max_length=200, blank=True)
    ip = models.GenericIPAddressField(null=True)
    data = models.JSONField(default=dict)
    at = MomentField()
    react_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["business", "-id"], name="activity_of_business"),
            models.Index(fields=["customer", "-id"], name="activity_of_customer"),
            models.Index(fields=["subject_id", "-id"], name="activity_of_subject"),
            models.Index(fields=["react_at", "id"], condition=Q(react_at__isnull=False), name="activity_to_react_to"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject.public_id}"

    @property
    def subject(self) -> Ref:
        return Ref(self.subject_kind, self.subject_id)

    def next_try(self, retry_for: timedelta) -> datetime | None:
        """When to react again after a failure, in steps that grow with the age; None once `retry_for` would be over."""
        moment = now()
        again = moment + min(max(moment - self.at, _FIRST_PAUSE), _LONGEST_PAUSE)
        return again if again <= self.at + retry_for else None
