from portico.domain.conversations.models import Conversation


def lock_conversation(conversation: Conversation) -> Conversation:
    """Lock a conversation for a change; returns it as it is now."""
    Conversation.objects.select_for_update().get(pk=conversation.pk)
    return Conversation.objects.select_related("customer", "business", "document").get(pk=conversation.pk)
