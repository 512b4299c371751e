"""What staff do with a conversation besides answering: resolve it, take it up again, give it to a colleague."""

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import User
from portico.domain.conversations.actions.comment import conversation_begun
from portico.domain.conversations.actions.follow import follow_by_itself
from portico.domain.conversations.actions.lock import lock_conversation
from portico.domain.conversations.facts import about
from portico.domain.conversations.models import Conversation, State
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.flag import flag_attention
from portico.domain.documents.models import Document


@transaction.atomic
def resolve(conversation: Conversation, *, by: Actor) -> Conversation:
    """Note that a conversation needs nobody any more; what the customer says next opens it again."""
    return _set_state(conversation, State.RESOLVED, Event.CONVERSATION_RESOLVED, by)


@transaction.atomic
def resolve_document(document: Document, *, by: Actor) -> None:
    """Note that a document needs no attention any more; again changes nothing."""
    found = Conversation.objects.filter(document=document).first()
    if found is not None:
        resolve(found, by=by)


@transaction.atomic
def need_attention(customer: Customer, document: Document | None, *, by: Actor) -> Conversation:
    """Note that a document, or a customer in general, needs attention, also where nothing was said yet."""
    return _set_state(conversation_begun(customer, document), State.OPEN, Event.CONVERSATION_REOPENED, by)


@transaction.atomic
def assign(conversation: Conversation, user: User | None, *, by: Actor) -> Conversation:
    """Give a conversation to a member of staff, or to nobody in particular."""
    conversation = lock_conversation(conversation)
    if conversation.assignee_id == (user.pk if user else None):
        return conversation
    conversation.assignee = user
    conversation.save(update_fields=["assignee"])
    if user is not None:
        follow_by_itself(conversation, user, anew=True)
    name = str(user) if user else ""
    record(Event.CONVERSATION_ASSIGNED, conversation, by=by, data={"name": name, **about(conversation)})
    return conversation


def _set_state(conversation: Conversation, state: State, event: Event, by: Actor) -> Conversation:
    conversation = lock_conversation(conversation)
    if conversation.state == state:
        return conversation
    conversation.state = state
    conversation.unread_by_staff = False
    conversation.save(update_fields=["state", "unread_by_staff"])
    if conversation.document_id:
        flag_attention(conversation.document_id, needed=state == State.OPEN)
    record(event, conversation, by=by, data=about(conversation))
    return conversation
