from typing import ClassVar

from django.db import models

from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id


class Message(models.Model):
    """The log of mail: what went to whom because of what, and what became of it.

    What a mail says is not kept, as links and codes stand in it. One activity mails one recipient once. `server` is the
    mail server that it went to, or waits for; `heard_at` is when a delivery or a bounce was reported.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        DELIVERED = "delivered"
        BOUNCED = "bounced"
        FAILED = "failed"
        UNSENT = "unsent"

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="+")
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    document = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    activity = models.ForeignKey("activity.Activity", on_delete=models.PROTECT, db_index=False, related_name="+")
    letter = models.CharField(max_length=30)
    recipient = models.EmailField()
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=255, blank=True)
    message_id = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    error = models.CharField(max_length=300, blank=True)
    server = models.CharField(max_length=255, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = MomentField()
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["activity", "recipient"], name="mail_once_per_event_and_recipient")
        ]
        indexes: ClassVar = [
            models.Index(fields=["business", "-id"], name="mail_of_business"),
            models.Index(fields=["business", "recipient", "-id"], name="mail_to_address"),
            models.Index(fields=["customer", "-id"], name="mail_of_customer"),
            models.Index(fields=["document", "-id"], name="mail_about_document"),
            # Every page for staff asks what waits.
            models.Index(fields=["business"], condition=models.Q(state="queued"), name="mail_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.public_id}"

    @property
    def ref(self) -> Ref:
        return Ref("message", self.id)

    @property
    def public_id(self) -> str:
        return public_id("message", self.id)


class Reminder(models.Model):
    """That a reminder of a due date was asked for, once: `days` after the day, before it when negative."""

    id = KeyField()
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, db_index=False, related_name="+")
    due_on = models.DateField()
    days = models.SmallIntegerField()
    created_at = MomentField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["document", "due_on", "days"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.days:+d} days of {self.due_on}"


class MailWording(models.Model):
    """A business's own words for a kind of mail, in one language; `wordings.py` has what is said without."""

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=30)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200)
    text = models.TextField(max_length=5000)
    changed_at = MomentField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["business", "name", "language"], name="mail_wording_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.language}"


class MailRun(models.Model):
    """Many documents that staff have mailed at once. Its items are asked for one by one, and each only once."""

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="+")
    by = models.JSONField()
    created_at = MomentField()
    asked_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["business", "-id"], name="mail_runs_of_business")]

    def __str__(self) -> str:
        return self.public_id

    @property
    def ref(self) -> Ref:
        return Ref("mail_run", self.id)

    @property
    def public_id(self) -> str:
        return public_id("mail_run", self.id)


class MailRunItem(models.Model):
    """One document of a run: the activity that it was asked for with, or why it was left out, as a refusal's code."""

    id = KeyField()
    run = models.ForeignKey(MailRun, on_delete=models.CASCADE, related_name="items")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, db_index=False, related_name="+")
    activity = models.ForeignKey(
        "activity.Activity", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    skipped = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "document"], name="mail_run_document_once")]

    def __str__(self) -> str:
        return f"{self.document_id} of {self.run_id}"
