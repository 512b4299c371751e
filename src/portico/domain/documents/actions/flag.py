from uuid import UUID

from portico.domain.documents.models import Document


def flag_attention(key: UUID, *, needed: bool) -> None:
    """Set whether a document needs its business's attention, in the caller's transaction, which records why."""
    Document.objects.filter(pk=key).exclude(needs_attention=needed).update(needs_attention=needed)
