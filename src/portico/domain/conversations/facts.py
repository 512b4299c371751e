"""What the history keeps of conversations."""

from portico.domain.conversations.models import Comment, Conversation


def facts_of(said: Comment, conversation: Conversation) -> dict[str, object]:
    """Return what the history keeps of a comment: who said it and about what, never what it says."""
    return {"name": said.author_name, "author": said.author_kind, **about(conversation)}


def about(conversation: Conversation) -> dict[str, object]:
    """Return what a conversation is about, for the history."""
    document = conversation.document
    return {"document": document.public_id, "number": document.number} if document else {}
