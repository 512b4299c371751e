"""Saying something in a conversation, which begins with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from portico.domain.access.programs.actions.rate_limit import Limit, hit
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.conversations.actions.lock import lock_conversation
from portico.domain.conversations.authors import Author
from portico.domain.conversations.errors import MessagesOff, TooManyComments
from portico.domain.conversations.facts import about, facts_of
from portico.domain.conversations.models import AuthorKind, Comment, Conversation, State
from portico.domain.conversations.text import checked_text
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.flag import flag_attention
from portico.domain.documents.models import Document
from portico.domain.files.actions.store import store_file
from portico.lib.clock import now

MOST_FILES = 5

# More than anybody types by hand, less than a mailbox minds.
_PER_PERSON = Limit("comments of a person", 15, timedelta(minutes=10))
_PER_CUSTOMER = Limit("comments of a customer", 60, timedelta(hours=1))

# The same words again so soon are the same form sent twice.
_TWICE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class CommentInput:
    """What is said. An internal note is read by staff alone; `resolve` closes the conversation with it.

    `mail_id` is the Message-ID of a mail that it came by, and `verified` whether its sender is known.
    """

    body: str
    files: Sequence[tuple[str, bytes]] = ()
    internal: bool = False
    resolve: bool = False
    mail_id: str = ""
    verified: bool = True


@transaction.atomic
def add_comment(
    customer: Customer, document: Document | None, data: CommentInput, author: Author, *, by: Actor
) -> Comment:
    """Say something about a document of a customer's, or in general; the same words sent twice are said once.

    What a customer says opens the conversation, an answer leaves it to the customer. Raises MessagesOff, Invalid for
    the text, TooManyComments, or FileRefused, and then keeps nothing.
    """
    if not customer.business.allow_messages:
        raise MessagesOff("This business takes no messages.")
    body = checked_text(data.body)
    from_customer = author.kind == AuthorKind.CUSTOMER
    if from_customer:
        _limit(customer, author)
    conversation = lock_conversation(conversation_begun(customer, document))
    before = _said_just_now(conversation, author, body, data)
    if before is not None:
        return before
    said = Comment.objects.create(
        business_id=customer.business_id,
        customer=customer,
        conversation=conversation,
        author_kind=author.kind,
        author_id=author.id,
        author_name=author.name[:200],
        contact=author.contact,
        internal=data.internal,
        verified=data.verified,
        mail_id=data.mail_id,
        body=body,
    )
    for name, content in data.files[:MOST_FILES]:
        store_file(customer, said.ref, name, content, by=by)
    if not data.internal:
        _move_on(conversation, from_customer=from_customer, resolve=data.resolve)
    event = Event.NOTE_CREATED if data.internal else Event.COMMENT_CREATED
    record(event, said, by=by, data=facts_of(said, conversation))
    if data.resolve and not data.internal:
        record(Event.CONVERSATION_RESOLVED, conversation, by=by, data=about(conversation))
    return said


def _limit(customer: Customer, author: Author) -> None:
    # Both are counted, whichever is used up first.
    within = [hit(_PER_PERSON, author.id), hit(_PER_CUSTOMER, customer.public_id)]
    if not all(within):
        raise TooManyComments("Those were many messages in a short time. Please try again in a few minutes.")


def _said_just_now(conversation: Conversation, author: Author, body: str, data: CommentInput) -> Comment | None:
    if data.mail_id:
        return Comment.objects.filter(conversation=conversation, mail_id=data.mail_id).first()
    last = Comment.objects.filter(conversation=conversation, author_id=author.id).order_by("-id").first()
    same = last is not None and (last.body, last.internal, last.removed_at) == (body, data.internal, None)
    return last if last is not None and same and not data.files and now() < last.created_at + _TWICE else None


def _move_on(conversation: Conversation, *, from_customer: bool, resolve: bool) -> None:
    conversation.state = State.OPEN if from_customer else State.RESOLVED if resolve else State.WAITING
    conversation.unread_by_staff, conversation.unread_by_customer = from_customer, not from_customer
    conversation.last_at = now()
    conversation.save(update_fields=["state", "unread_by_staff", "unread_by_customer", "last_at"])
    if conversation.document_id:
        flag_attention(conversation.document_id, needed=from_customer)


def conversation_begun(customer: Customer, document: Document | None) -> Conversation:
    """Return the conversation about a document, or a customer's general one, begun when there was none."""
    values = {"business_id": customer.business_id, "customer": customer, "document": document}
    return Conversation.objects.get_or_create(customer=customer, document=document, defaults=values)[0]
