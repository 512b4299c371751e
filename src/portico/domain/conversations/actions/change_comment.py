"""Editing and removing what one has written, while it is fresh. Both leave a trace that the other side sees."""

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.conversations.actions.lock import lock_conversation
from portico.domain.conversations.errors import CommentClosed, MessagesOff
from portico.domain.conversations.facts import facts_of
from portico.domain.conversations.models import Comment, Conversation
from portico.domain.conversations.queries import files_of, may_change
from portico.domain.conversations.text import checked_text
from portico.domain.files.actions.store import remove_file
from portico.lib.clock import now


@transaction.atomic
def edit_comment(row: Comment, body: str, *, author_id: str, by: Actor) -> Comment:
    """Put other words in place of a comment's. Raises CommentClosed, MessagesOff, or Invalid for the text."""
    body = checked_text(body)
    conversation, row = _locked(row, author_id, by)
    if row.body == body:
        return row
    row.body, row.edited_at = body, now()
    row.save(update_fields=["body", "edited_at"])
    event = Event.NOTE_EDITED if row.internal else Event.COMMENT_EDITED
    record(event, row, by=by, data=facts_of(row, conversation))
    return row


@transaction.atomic
def remove_comment(row: Comment, *, author_id: str, by: Actor) -> Comment:
    """Remove what a comment says, with its files. Raises CommentClosed or MessagesOff."""
    conversation, row = _locked(row, author_id, by)
    row.body, row.removed_at = "", now()
    row.save(update_fields=["body", "removed_at"])
    for file in files_of([row]).get(row.pk, []):
        remove_file(file, by=by, of_note=row.internal)
    event = Event.NOTE_REMOVED if row.internal else Event.COMMENT_REMOVED
    record(event, row, by=by, data=facts_of(row, conversation))
    return row


def _locked(row: Comment, author_id: str, by: Actor) -> tuple[Conversation, Comment]:
    conversation = lock_conversation(row.conversation)
    if not conversation.business.allow_messages:
        raise MessagesOff("This business takes no messages.")
    row = Comment.objects.get(pk=row.pk)
    if not may_change(row, by, author_id):
        raise CommentClosed("Only its author can change a message, within an hour.")
    return conversation, row
