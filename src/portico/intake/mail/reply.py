"""An answer by mail, as it arrives: who wrote it, to which address, what is new in it, and its files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from itertools import islice
from typing import Any

from lxml import html
from mailparser_reply import EmailReplyParser

LARGEST = 25 * 1024 * 1024

# More parts than any mail that people write.
_MOST_PARTS = 200
# More than is ever kept, and so little that looking for quotes in it takes no time.
_LONGEST_TEXT = 60_000
_LANGUAGES = ["en", "de", "fr", "it", "es", "nl", "pl", "sv", "da", "cs"]
_QUOTED = re.compile(r"\s*>")


@dataclass(frozen=True, slots=True)
class Reply:
    """A mail that answers another; `text` is without what it quotes, `automatic` that no person wrote it."""

    sender: str
    recipients: tuple[str, ...]
    message_id: str
    text: str
    files: tuple[tuple[str, bytes], ...]
    automatic: bool


class Unreadable(Exception):
    """No mail, or one without a sender."""


def read_reply(content: bytes) -> Reply:
    """Read a mail. Raises Unreadable."""
    message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(content)
    senders = _addresses(message, "From")
    if len(senders) != 1:
        raise Unreadable("The mail has no sender.")
    parts = list(islice(message.walk(), _MOST_PARTS))
    return Reply(
        sender=senders[0].lower(),
        recipients=tuple(
            address
            for name in ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
            for address in _addresses(message, name)
        ),
        message_id=_header(message, "Message-ID")[:255],
        text=without_quotes(_text(parts)),
        files=tuple(_files(parts)),
        automatic=_is_automatic(message),
    )


def without_quotes(text: str) -> str:
    """Return what is new in an answer, without what it quotes and the signature below it."""
    text = text.replace("\r\n", "\n")[:_LONGEST_TEXT]
    new: str = EmailReplyParser(languages=_LANGUAGES).parse_reply(text=text) or ""
    # What a language is not known by: a block of quoted lines at the end, and the line that announces it.
    lines = new.rstrip().split("\n")
    quoted = False
    while lines and (not lines[-1].strip() or _QUOTED.match(lines[-1])):
        quoted = quoted or bool(lines[-1].strip())
        lines.pop()
    if quoted and lines and lines[-1].rstrip().endswith(":"):
        lines.pop()
    return "\n".join(lines).strip()


def _is_automatic(message: EmailMessage) -> bool:
    """Tell whether a program wrote it: an answering machine, a list, a mail that could not be delivered (RFC 3834)."""
    return (
        _header(message, "Auto-Submitted").lower() not in {"", "no"}
        or _header(message, "Precedence").lower() in {"bulk", "junk", "list", "auto_reply"}
        or _header(message, "Return-Path") == "<>"
        or message.get_content_type() == "multipart/report"
        or any(name in message for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "List-Id"))
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())
    except (ValueError, IndexError, AttributeError):
        # The standard library stumbles over some headers that nobody should send.
        return ""


def _addresses(message: EmailMessage, name: str) -> list[str]:
    try:
        headers: list[Any] = message.get_all(name, [])
        found = [address.addr_spec for header in headers for address in getattr(header, "addresses", ())]
    except (ValueError, IndexError, AttributeError):
        return []
    plain = [str(header).strip(" <>") for header in headers if not hasattr(header, "addresses")]
    return [address for address in (*found, *plain) if "@" in address]


def _text(parts: list[EmailMessage]) -> str:
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind and not part.is_attachment():
                text = _decoded(part)
                return text if kind == "text/plain" else _plain(text)
    return ""


def _decoded(part: EmailMessage) -> str:
    raw = part.get_payload(decode=True)
    content = raw if isinstance(raw, bytes) else b""
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _plain(text: str) -> str:
    """Return the words of an HTML mail, a line for each block."""
    if not text.strip():
        return ""
    root = html.fromstring(text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8", no_network=True))
    for element in root.xpath("//script|//style|//blockquote|//head"):
        element.drop_tree()
    for element in root.xpath("//br|//p|//div|//li|//tr"):
        element.tail = "\n" + (element.tail or "")
    return "\n".join(" ".join(line.split()) for line in root.text_content().splitlines())


def _files(parts: list[EmailMessage]) -> Iterator[tuple[str, bytes]]:
    for part in parts:
        # A picture inside the text is most often part of a signature.
        if part.is_attachment():
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content:
                yield part.get_filename() or "file", content
