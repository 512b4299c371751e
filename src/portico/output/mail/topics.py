"""Which mails a recipient may switch off, and the link in them that does it. A mail of no topic is always sent."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from uuid import UUID

from portico.domain.access.portal_urls import unsubscribe_url_of
from portico.domain.access.secrets import candidates, stored_form
from portico.domain.businesses.models import Business
from portico.domain.customers.models import MailTopic
from portico.output.mail.models import Message

# By the name that the log has for the kind of mail.
# kinds: invoices and credit notes are owed, and always mailed
TOPICS: Mapping[str, MailTopic] = {
    "reminder": MailTopic.REMINDERS,
    "instalment_next": MailTopic.REMINDERS,
    "statement": MailTopic.STATEMENTS,
    "estimate": MailTopic.ESTIMATES,
    "sales_order": MailTopic.ESTIMATES,
    "staff_answered": MailTopic.MESSAGES,
}
_PURPOSE = "unsubscribe"
_HALF = 32


def topic_of(message: Message) -> MailTopic | None:
    """Return what a mail is about that its recipient may switch off; None for one that is always sent."""
    return TOPICS.get(message.letter) if message.customer_id else None


def unsubscribe_url(message: Message, business: Business) -> str:
    """Return where the recipient of a mail switches mails like it off; empty for a mail that is always sent.

    It works for as long as the mail is in the log, and for its recipient and topic alone.
    """
    if topic_of(message) is None:
        return ""
    proof = stored_form(str(message.pk), _PURPOSE)[0][:_HALF]
    token = base64.b32encode(message.pk.bytes + bytes.fromhex(proof)).decode().rstrip("=").lower()
    return unsubscribe_url_of(business, token)


def mail_to_unsubscribe(business: Business, token: str) -> Message | None:
    """Return the mail of a business that a link to switch mails off stands in, or None for a link of nobody's."""
    try:
        raw = base64.b32decode(token.upper() + "====")
    except (ValueError, binascii.Error):
        return None
    if len(raw) != 32:
        return None
    key = UUID(bytes=raw[:16])
    if not any(hmac.compare_digest(raw[16:].hex(), made[:_HALF]) for made in candidates(str(key), _PURPOSE)):
        return None
    found = Message.objects.select_related("customer__business").filter(pk=key, business=business).first()
    return found if found is not None and topic_of(found) is not None else None
