from typing import ClassVar

from django.db import models

from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id


class State(models.TextChoices):
    """Whose turn it is: the business's staff, the customer's, or nobody's."""

    OPEN = "open"
    WAITING = "waiting"
    RESOLVED = "resolved"


class AuthorKind(models.TextChoices):
    """Who can write: somebody of the customer's, a member of staff, or a program of the business."""

    CUSTOMER = "customer"
    STAFF = "staff"
    PROGRAM = "program"


class Conversation(models.Model):
    """What a customer and a business's staff say to each other, about one document or, without one, in general.

    An open conversation needs attention, and so does its document. `unread_by_…` says that a side has not looked since
    the other one wrote; `last_at` is when one of them did last, internal notes aside.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="+")
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, db_index=False, related_name="conversations"
    )
    document = models.OneToOneField(
        "documents.Document", on_delete=models.PROTECT, null=True, related_name="conversation"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    assignee = models.ForeignKey("businesses.User", on_delete=models.SET_NULL, null=True, related_name="+")
    unread_by_customer = models.BooleanField(default=False)
    unread_by_staff = models.BooleanField(default=False)
    last_at = MomentField()
    created_at = MomentField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer"], condition=models.Q(document__isnull=True), name="one_general_conversation"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["business", "state", "-last_at"], name="conversations_of_business"),
            models.Index(fields=["customer", "business", "-last_at"], name="conversations_of_customer"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def ref(self) -> Ref:
        return Ref("conversation", self.id)

    @property
    def public_id(self) -> str:
        return public_id("conversation", self.id)


class Comment(models.Model):
    """One thing said in a conversation, in plain text. An internal one is a note among staff.

    `author_id` is the public id of who wrote it: a contact, a member of staff, an API key, the customer itself, or the
    session of somebody whom a link to one thing let in. A removed comment keeps its author and its time, and nothing of
    what it said. One that came by mail from an address nobody knows is not `verified`: staff alone see it.
    """

    id = KeyField()
    business = models.ForeignKey("businesses.Business", on_delete=models.PROTECT, db_index=False, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, db_index=False, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, db_index=False, related_name="comments")
    author_kind = models.CharField(max_length=10, choices=AuthorKind.choices)
    author_id = models.CharField(max_length=40)
    author_name = models.CharField(max_length=200)
    contact = models.ForeignKey("customers.Contact", on_delete=models.SET_NULL, null=True, related_name="+")
    internal = models.BooleanField(default=False)
    verified = models.BooleanField(default=True)
    mail_id = models.CharField(max_length=255, blank=True)
    body = models.TextField()
    created_at = MomentField()
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conversation", "mail_id"], condition=~models.Q(mail_id=""), name="comment_once_per_mail"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["conversation", "-id"], name="comments_of_conversation"),
            models.Index(fields=["business", "-id"], name="comments_of_business"),
            models.Index(fields=["customer", "-id"], name="comments_of_customer"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def ref(self) -> Ref:
        return Ref("comment", self.id)

    @property
    def public_id(self) -> str:
        return public_id("comment", self.id)

    @property
    def is_from_customer(self) -> bool:
        return self.author_kind == AuthorKind.CUSTOMER


class Presence(models.Model):
    """When a member of staff last had a conversation on their screen, so that nobody is alerted to what they see."""

    id = KeyField()
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, db_index=False, related_name="presences")
    user = models.ForeignKey("businesses.User", on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["conversation", "user"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.seen_at}"


class Follower(models.Model):
    """That a member of staff follows a conversation and is told of it, or does not want to, whatever else holds."""

    id = KeyField()
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, db_index=False, related_name="followers")
    user = models.ForeignKey("businesses.User", on_delete=models.CASCADE, related_name="+")
    follows = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["conversation", "user"], name="follower_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {'follows' if self.follows else 'does not follow'} {self.conversation_id}"
