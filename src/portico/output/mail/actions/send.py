"""Sending one mail about one event to one recipient, once."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.core.exceptions import ValidationError
from django.core.mail import mailers
from django.core.validators import validate_email
from django.db import transaction

from portico.domain.activity.actions.claim import LEASE
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import SYSTEM
from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.lib.clock import now
from portico.lib.ids import public_id, uuid7
from portico.output.mail.composing import addressed, composed, language_of, message_id
from portico.output.mail.errors import NotSentYet
from portico.output.mail.models import Message
from portico.output.mail.queries import has_way_out
from portico.output.mail.smtp import error_message, is_final
from portico.output.mail.template import EmailTemplate

_logger = logging.getLogger(__name__)

# Why a mail was not sent, besides what a mail server says; `portico.web.dashboard.core.mail_labels` has the texts.
NO_MAIL_SERVER = "no way out is set"
BAD_ADDRESS = "the address can't be written to"
OUR_FAULT = "internal error"


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
    language: str = "",
) -> None:
    """Send a mail about an activity to one address, unless that has been done; the log says what became of it.

    `write` makes its template, in the reader's language, once the mail server can be reached: a link that it makes
    replaces a former one at the last moment, and never for a mail that went already. `language` is the reader's own,
    where it is known; else the customer's or the business's. Raises NotSentYet when it has to be tried again later:
    then the activity is handed over again.
    """
    message = _claim(kind, about, to, business, customer, language)
    if message is None:
        return
    impossible = _impossible(to)
    if impossible:
        _settle(message, Message.State.UNSENT if impossible == NO_MAIL_SERVER else Message.State.FAILED, impossible)
        return
    try:
        _deliver(message, write, business)
    except _Refused as refusal:
        error = refusal.__cause__
        assert isinstance(error, Exception)
        _try_again(
            message, error_message(error), retry=not is_final(error) and about.next_try(kind.retry_for) is not None
        )
    except Exception:
        # A fault of ours: it is told by whoever reacts, and the log of mail does not leave it waiting for ever.
        with suppress(NotSentYet):
            _try_again(message, OUR_FAULT, retry=about.next_try(kind.retry_for) is not None)
        raise
    else:
        _settle(message, Message.State.SENT)


@transaction.atomic
def _claim(
    kind: type[EmailTemplate], about: Activity, to: str, business: Business, customer: Customer | None, language: str
) -> Message | None:
    """Take the log's row for this event and recipient, made on the first try; None when it is settled."""
    key = uuid7()
    first = {
        "id": key,
        "business": business,
        "customer": customer,
        "letter": kind.name,
        "language": language_of(business, customer, language),
        "message_id": message_id(public_id("message", key)),
    }
    made, _ = Message.objects.get_or_create(activity=about, recipient=to, defaults=first)
    message = Message.objects.select_for_update().get(pk=made.pk)
    if message.state != Message.State.QUEUED:
        return None
    moment = now()
    if message.claimed_until is not None and message.claimed_until > moment:
        raise NotSentYet("Another worker is sending it.")
    message.claimed_until = moment + LEASE
    message.attempts += 1
    message.save(update_fields=["claimed_until", "attempts"])
    return message


def _impossible(to: str) -> str:
    """Return why a mail can't be tried at all, or an empty text."""
    if not has_way_out():
        return NO_MAIL_SERVER
    try:
        validate_email(to)
    except ValidationError:
        return BAD_ADDRESS
    return ""


def _deliver(message: Message, write: Callable[[], EmailTemplate], business: Business) -> None:
    connection = mailers.default
    try:
        with _refusals():
            connection.open()
        content = composed(write, business, message.language)
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
        _logger.error("Mail %s was given up: %s", message, reason)
        _settle(message, Message.State.FAILED, reason)
        return
    _logger.warning("Mail %s was not sent yet: %s", message, reason)
    message.claimed_until, message.error = None, reason
    message.save(update_fields=["claimed_until", "error"])
    raise NotSentYet(reason)


@transaction.atomic
def _settle(message: Message, state: Message.State, reason: str = "") -> None:
    sent = state == Message.State.SENT
    message.state, message.error, message.claimed_until = state, reason, None
    message.sent_at = now() if sent else None
    message.save(update_fields=["state", "error", "claimed_until", "sent_at", "subject"])
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
