"""A mail server's report that a mail was delivered, or could not be: RFC 3464. Anybody can send one."""

import re
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from itertools import islice

_LONGEST = 1_000_000
_MOST_PARTS = 50
_UNWANTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff]+")
_STATUS = re.compile(r"\d\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What became of the mail with this Message-ID for one recipient: `action` is failed, delayed, delivered, relayed …

    `reason` begins with the status and has what the server said, on one line.
    """

    message_id: str
    recipient: str
    action: str
    reason: str


def read_delivery_reports(content: bytes) -> list[DeliveryReport] | None:
    """Return what a report says, a recipient each, perhaps nothing; None for a mail that is no report."""
    head = BytesHeaderParser(policy=compat32).parsebytes(content[:_LONGEST])
    if head.get_content_type() != "multipart/report":
        return None
    try:
        parts = list(islice(BytesParser(policy=compat32).parsebytes(content[:_LONGEST]).walk(), _MOST_PARTS))
        message_id = next(filter(None, map(_message_id, parts)), "")
        blocks = [block for part in parts for block in _blocks(part)]
        return [_report(message_id, block) for block in blocks if block.get("Action")] if message_id else []
    except (RecursionError, ValueError, IndexError, AttributeError, LookupError):
        # The standard library stumbles over some of what nobody should send.
        return []


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload() if part.get_content_type() == "message/delivery-status" else None
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _message_id(part: Message) -> str:
    """Return the id of the mail that a report returns, whole or its headers alone."""
    kind, payload = part.get_content_type(), part.get_payload()
    if kind == "message/rfc822" and isinstance(payload, list) and payload and isinstance(payload[0], Message):
        return _line(str(payload[0].get("Message-ID", "")))
    if kind == "text/rfc822-headers" and isinstance(payload, str):
        raw = part.get_payload(decode=True)
        headers = BytesHeaderParser(policy=compat32).parsebytes(raw if isinstance(raw, bytes) else b"")
        return _line(str(headers.get("Message-ID", "")))
    return ""


def _report(message_id: str, block: Message) -> DeliveryReport:
    recipient = _line(str(block.get("Original-Recipient") or block.get("Final-Recipient") or "")).rpartition(";")[2]
    status = _STATUS.search(str(block.get("Status", "")))
    said = _line(str(block.get("Diagnostic-Code", ""))).partition(";")[2].strip()
    # The log reads a reason as a server's answer: three digits first.
    answer = said if re.match(r"\d{3}", said) else f"{_code(status[0]) if status else '550'} {said}"
    return DeliveryReport(message_id, recipient.strip(), _line(str(block["Action"])).lower(), answer.strip()[:200])


def _code(status: str) -> str:
    return f"{status[0]}50 {status}"


def _line(text: str) -> str:
    return " ".join(_UNWANTED.sub(" ", text).split())[:500]
