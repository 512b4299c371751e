"""Sending one mail about one event to one recipient, once."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.mail import mailers
from django.db import transaction

from portico.domain.activity.actions.claim import LEASE
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import SYSTEM
from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.customers.queries import wants_mail
from portico.domain.documents.models import Document
from portico.lib.clock import now
from portico.lib.ids import public_id, uuid7
from portico.lib.one_line import validate_email
from portico.output.mail.actions.take_turn import take_turn
from portico.output.mail.composing import addressed, composed, language_of, message_id
from portico.output.mail.errors import NotSentYet
from portico.output.mail.models import Message
from portico.output.mail.queries import SWITCHED_OFF, WAITS_FOR_TURN, has_way_out, mail_server
from portico.output.mail.smtp import error_message, is_final
from portico.output.mail.template import EmailTemplate
from portico.output.mail.topics import topic_of, unsubscribe_url

_logger = logging.getLogger(__name__)

# Why a mail was not sent, besides what a mail server says; `portico.web.dashboard.core.mail_labels` has the texts.
NO_MAIL_SERVER = "no way out is set"
BAD_ADDRESS = "the address can't be written to"
OUR_FAULT = "internal error"
NO_LONGER_DUE = "no longer due"


class _Refused(Exception):
    """The mail server refused; the cause says why."""


def send[L: EmailTemplate](
    kind: type[L],
    write: Callable[[], L],
    *,
    about: Activity,
    to: str,
    business: Business,
    customer: Customer | None = None,
    document: Document | None = None,
    language: str = "",
) -> None:
    """Send a mail about an activity to one address, unless that has been done; the log says what became of it.

    `write` makes its template, in the reader's language, once the mail server can be reached: a link that it makes
    replaces a former one at the last moment, and never for a mail that went already. `language` is the reader's own,
    where it is known; else the customer's or the business's. Raises NotSentYet when it has to be tried again later:
    then the activity is handed over again.
    """
    message = _claim(
        queue(kind, about=about, to=to, business=business, customer=customer, document=document, language=language)
    )
    if message is None:
        return
    impossible = _impossible(message, about)
    if impossible:
        _settle(message, Message.State.FAILED if impossible == BAD_ADDRESS else Message.State.UNSENT, impossible)
        return
    again_at = take_turn(kind)
    if again_at is not None:
        _wait_for_turn(message, again_at)
    try:
        _deliver(message, write, business)
    except _Refused as refusal:
        error = refusal.__cause__
        assert isinstance(error, Exception)
        _try_again(
            message, error_message(error), retry=not is_final(error) and about.next_try(kind.retry_for) is not None
        )
    except Exception:
        # A fault of ours: the caller reports it, and the log of mail does not leave it waiting for ever.
        with suppress(NotSentYet):
            _try_again(message, OUR_FAULT, retry=about.next_try(kind.retry_for) is not None)
        raise
    else:
        _settle(message, Message.State.SENT)


def drop_queued(about: Activity) -> None:
    """Settle the mails that were asked for, and that the reaction to their activity found to be no longer due."""
    for message in Message.objects.filter(activity=about, state=Message.State.QUEUED):
        _settle(message, Message.State.UNSENT, NO_LONGER_DUE)


def queue(
    kind: type[EmailTemplate],
    *,
    about: Activity,
    to: str,
    business: Business,
    customer: Customer | None = None,
    document: Document | None = None,
    language: str = "",
) -> Message:
    """Return the log's row for an event and a recipient, made when there is none: from then on it is seen to wait."""
    key = uuid7()
    customer = customer and customer.current
    first = {
        "id": key,
        "business": business,
        "customer": customer,
        "document": document,
        "letter": kind.name,
        "language": language_of(business, customer, language),
        "message_id": message_id(public_id("message", key)),
    }
    return Message.objects.get_or_create(activity=about, recipient=to, defaults=first)[0]


@transaction.atomic
def _claim(queued: Message) -> Message | None:
    """Take a row of the log for a while; None when it is settled."""
    message = Message.objects.select_for_update().get(pk=queued.pk)
    if message.state != Message.State.QUEUED:
        return None
    moment = now()
    if message.claimed_until is not None and message.claimed_until > moment:
        raise NotSentYet("Another worker is sending it.")
    message.claimed_until = moment + LEASE
    message.attempts += 1
    message.save(update_fields=["claimed_until", "attempts"])
    return message


def _impossible(message: Message, about: Activity) -> str:
    """Return why a mail is not to be tried at all, or an empty text."""
    if not has_way_out():
        return NO_MAIL_SERVER
    try:
        validate_email(message.recipient)
    except ValidationError:
        return BAD_ADDRESS
    topic = topic_of(message)
    # What a person mails to somebody goes, as a letter of theirs would.
    if topic is None or message.customer is None or about.data.get("by_hand"):
        return ""
    return "" if wants_mail(message.customer, message.recipient, topic) else SWITCHED_OFF


def _wait_for_turn(message: Message, again_at: datetime) -> None:
    """Give a claimed row back: no try of it counts. Raises NotSentYet."""
    message.claimed_until, message.error, message.server = None, WAITS_FOR_TURN, mail_server()
    message.attempts -= 1
    message.save(update_fields=["claimed_until", "error", "server", "attempts"])
    refusal = NotSentYet("As many mails as may go in a minute have gone.")
    refusal.again_at = again_at
    raise refusal


def _deliver(message: Message, write: Callable[[], EmailTemplate], business: Business) -> None:
    connection = mailers.default
    message.server = str(getattr(connection, "host", ""))
    try:
        with _refusals():
            connection.open()
        content = composed(write, business, message.language, unsubscribe_url(message, business))
        message.subject = content.subject
        mail = addressed(content, message, business)
        with _refusals():
            connection.send_messages([mail])
    finally:
        # What was accepted stays accepted, whatever happens to the connection afterwards.
        with suppress(OSError):
            connection.close()


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _Refused from error


def _try_again(message: Message, reason: str, *, retry: bool) -> None:
    """Note a failure: the last one is kept as such, any other raises NotSentYet."""
    if not retry:
        _logger.error("Mail %s was given up%s: %s", message, _at(message.server), reason)
        _settle(message, Message.State.FAILED, reason)
        return
    _logger.warning("Mail %s was not sent yet%s: %s", message, _at(message.server), reason)
    message.claimed_until, message.error = None, reason
    message.save(update_fields=["claimed_until", "error", "server"])
    raise NotSentYet(reason)


def _at(server: str) -> str:
    return f" by {server}" if server else ""


@transaction.atomic
def _settle(message: Message, state: Message.State, reason: str = "") -> None:
    sent = state == Message.State.SENT
    message.state, message.error, message.claimed_until = state, reason, None
    message.sent_at = now() if sent else None
    message.save(update_fields=["state", "error", "claimed_until", "sent_at", "subject", "server"])
    # It may have moved to another customer while it was sent: the event is that one's.
    message.refresh_from_db(fields=["customer"])
    record(
        Event.MAIL_SENT if sent else Event.MAIL_FAILED,
        message,
        by=SYSTEM,
        data={
            "letter": message.letter,
            "recipient": message.recipient,
            "subject": message.subject,
            **({"reason": reason} if reason else {}),
        },
    )
