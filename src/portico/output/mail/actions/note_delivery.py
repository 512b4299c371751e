"""What is heard of a mail after a mail server has taken it: that it was delivered, or came back."""

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import SYSTEM
from portico.domain.activity.events import Event
from portico.lib.clock import now
from portico.lib.errors import NotFound
from portico.lib.ids import parse_public_id
from portico.output.mail.models import Message


def note_delivery(message_id: str) -> Message:
    """Note that a mail reached its recipient's mailbox. Raises NotFound for a mail that is not ours."""
    return _note(message_id, Message.State.DELIVERED, "")


def note_bounce(message_id: str, reason: str) -> Message:
    """Note that a mail came back, and why: the contact is flagged, and staff are told. Raises NotFound."""
    return _note(message_id, Message.State.BOUNCED, reason)


def message_named(name: str) -> Message:
    """Lock and return the mail with this Message-ID, or public id. Raises NotFound."""
    name = name.strip().strip("<>")
    key = parse_public_id(name.partition("@")[0], "message")
    row = Message.objects.select_for_update().filter(pk=key).first() if key else None
    if row is None or ("@" in name and row.message_id != f"<{name}>"):
        raise NotFound("That is no mail of ours.")
    return row


@transaction.atomic
def _note(name: str, state: Message.State, reason: str) -> Message:
    row = message_named(name)
    # What came back was not delivered after all; nothing follows on a bounce.
    before = {Message.State.SENT} if state == Message.State.DELIVERED else {Message.State.SENT, Message.State.DELIVERED}
    if row.state not in before:
        return row
    row.state, row.error, row.heard_at = state, reason[:300], now()
    row.save(update_fields=["state", "error", "heard_at"])
    data = {"letter": row.letter, "recipient": row.recipient, "subject": row.subject}
    if state == Message.State.BOUNCED:
        record(Event.MAIL_BOUNCED, row, by=SYSTEM, data=data | {"reason": reason})
    else:
        record(Event.MAIL_DELIVERED, row, by=SYSTEM, data=data)
    return row
