"""What is heard of a mail that its recipient did not want."""

from django.db import transaction

from portico.domain.activity.actor import Actor
from portico.domain.customers.actions.choose_mail import switch_mail
from portico.output.mail.actions.note_delivery import message_named
from portico.output.mail.models import Message
from portico.output.mail.topics import topic_of


@transaction.atomic
def note_complaint(name: str) -> Message:
    """Switch mails like this one off for its recipient, who reported it as unwanted or left at the provider's.

    One that is owed is sent on. Raises NotFound for a mail that is not ours.
    """
    row = message_named(name)
    topic = topic_of(row)
    if topic is not None and row.customer is not None:
        by = Actor("customer", row.customer.public_id, row.recipient)
        switch_mail(row.customer, row.recipient, topic, wanted=False, by=by)
    return row
