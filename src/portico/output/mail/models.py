from typing import ClassVar

from django.db import models

from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id


class Message(models.Model):
    """The log of mail: what went to whom because of what, and what became of it.

    What a mail says is not kept, as links and codes stand in it. One activity mails one recipient once.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"
        UNSENT = "unsent"

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="+")
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    activity = models.ForeignKey("activity.Activity", on_delete=models.PROTECT, db_index=False, related_name="+")
    letter = models.CharField(max_length=30)
    recipient = models.EmailField()
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=255, blank=True)
    message_id = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    error = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = MomentField()
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["activity", "recipient"], name="mail_once_per_event_and_recipient")
        ]
        indexes: ClassVar = [
            models.Index(fields=["business", "-id"], name="mail_of_business"),
            models.Index(fields=["business", "recipient", "-id"], name="mail_to_address"),
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.public_id}"

    @property
    def ref(self) -> Ref:
        return Ref("message", self.id)

    @property
    def public_id(self) -> str:
        return public_id("message", self.id)
