"""The address that an answer by mail is sent to: one for each conversation and recipient, which only they know.

It holds the conversation's key and half of an HMAC over the key and the recipient, in base 32: 52 characters.
"""

import base64
import binascii
import hmac
import re
from uuid import UUID

from django.conf import settings

from portico.domain.access.secrets import candidates, stored_form
from portico.domain.conversations.models import Conversation

_PURPOSE = "reply_address"
_HALF = 32
_TOKEN = re.compile(r"\+([a-z2-7]{52})@", re.IGNORECASE)


def reply_address(conversation: Conversation, recipient: str) -> str:
    """Return where a recipient's answer goes; empty where the operator has set no address for answers."""
    if not settings.PORTICO_REPLY_ADDRESS:
        return ""
    proof = stored_form(_name(conversation.pk, recipient), _PURPOSE)[0][:_HALF]
    token = base64.b32encode(conversation.pk.bytes + bytes.fromhex(proof)).decode().rstrip("=").lower()
    local, _, domain = settings.PORTICO_REPLY_ADDRESS.rpartition("@")
    return f"{local}+{token}@{domain}"


def read_reply_address(address: str) -> tuple[UUID, str] | None:
    """Return the key of the conversation that an address names and its proof, or None for another address."""
    found = _TOKEN.search(address)
    if found is None:
        return None
    try:
        raw = base64.b32decode(found[1].upper() + "====")
    except (ValueError, binascii.Error):
        return None
    return UUID(bytes=raw[:16]), raw[16:].hex()


def is_for(proof: str, conversation: Conversation, recipient: str) -> bool:
    """Tell whether an address was made for this recipient."""
    made = candidates(_name(conversation.pk, recipient), _PURPOSE)
    return any(hmac.compare_digest(proof, one[:_HALF]) for one in made)


def _name(key: UUID, recipient: str) -> str:
    return f"{key}\0{recipient.lower()}"
