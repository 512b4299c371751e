from uuid import UUID

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import User
from portico.domain.conversations.actions.lock import lock_conversation
from portico.domain.conversations.facts import about
from portico.domain.conversations.models import Comment, Conversation, Presence
from portico.lib.clock import now


@transaction.atomic
def mark_read(conversation: Conversation, up_to: UUID, *, by: Actor) -> None:
    """Note that the customer saw what staff wrote, up to a comment; what came later stays unread."""
    conversation = lock_conversation(conversation)
    if not conversation.unread_by_customer or _newer(conversation, up_to):
        return
    conversation.unread_by_customer = False
    conversation.save(update_fields=["unread_by_customer"])
    record(Event.CONVERSATION_READ, conversation, by=by, data=about(conversation))


@transaction.atomic
def note_presence(conversation: Conversation, user: User, up_to: UUID | None) -> None:
    """Note that a member of staff has a conversation on their screen, and has seen it up to a comment."""
    Presence.objects.update_or_create(conversation=conversation, user=user, defaults={"seen_at": now()})
    if up_to and conversation.unread_by_staff and not _newer(conversation, up_to):
        Conversation.objects.filter(pk=conversation.pk).update(unread_by_staff=False)


def _newer(conversation: Conversation, up_to: UUID) -> bool:
    return Comment.objects.filter(conversation=conversation, internal=False, id__gt=up_to).exists()
