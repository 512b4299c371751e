"""Following a conversation: followers are told of what the customer says, also when it is assigned to a colleague."""

from django.db import transaction

from portico.domain.businesses.models import User
from portico.domain.conversations.models import Conversation, Follower, State
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document


@transaction.atomic
def follow(customer: Customer, document: Document | None, user: User, *, follows: bool) -> None:
    """Follow the conversation about a document, or a customer's general one, or no longer: one's own matter, no event.

    One that has not begun is kept as resolved: nobody has to look at it.
    """
    values = {"business_id": customer.business_id, "customer": customer, "document": document}
    conversation, _new = Conversation.objects.get_or_create(
        customer=customer, document=document, defaults=values | {"state": State.RESOLVED}
    )
    Follower.objects.update_or_create(conversation=conversation, user=user, defaults={"follows": follows})


def follow_by_itself(conversation: Conversation, user: User, *, anew: bool = False) -> None:
    """Let somebody follow a conversation that they answer in; or `anew`, also who did not want to, when assigned."""
    row, new = Follower.objects.get_or_create(conversation=conversation, user=user)
    if anew and not new and not row.follows:
        row.follows = True
        row.save(update_fields=["follows"])
