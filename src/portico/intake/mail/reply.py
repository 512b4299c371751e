"""An answer by mail, as it arrives: who wrote it, to which address, what is new in it, and its files.

Anybody can send one, and reads in pieces: the envelope first, and the rest once its address is known to be ours.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.policy import EmailPolicy
from itertools import islice
from typing import Any, cast

from lxml import etree, html
from mailparser_reply import EmailReplyParser

LARGEST = 25 * 1024 * 1024

# More parts than any mail that people write.
_MOST_PARTS = 200
# What is longer than people and their programs write is cut, or left unread: reading takes long out of all proportion.
_LONGEST_HEAD = 1_000_000
_LONGEST_HEADER = 8_000
_MOST_HEADERS = 10
_MOST_ADDRESSES = 50
_LONGEST_HTML = 200_000
# More than is ever kept, and so little that looking for quotes in it takes no time.
_LONGEST_TEXT = 20_000
# Longer than a line that announces a quote, which the library looks for in time that grows with the line's cube.
_LONGEST_LINE = 300
_STANDING_IN = re.compile("\ue000([0-9]+)\ue001")
_NO_MARKS = {0xE000: None, 0xE001: None}
_LANGUAGES = ["en", "de", "fr", "it", "es", "nl", "pl", "sv", "da", "cs"]
_QUOTED = re.compile(r"\s*>")
# Controls, halves of characters, and the marks that turn letters round.
_UNWANTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who wrote a mail, and to whom; `automatic` says that no person wrote it."""

    sender: str
    recipients: tuple[str, ...]
    message_id: str
    automatic: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """What a mail says that answers another, without what it quotes, and its files."""

    text: str
    files: tuple[tuple[str, bytes], ...]


class _ShortHeaders(EmailPolicy):
    """The standard library's reading, without the values of headers that are longer than any that means well."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value if len(value) <= _LONGEST_HEADER else ""


_POLICY = cast("EmailPolicy[EmailMessage]", _ShortHeaders(message_factory=EmailMessage))


class Unreadable(Exception):
    """No mail, or one without a sender."""


def read_envelope(content: bytes) -> Envelope:
    """Read the headers of a mail, and nothing else. Raises Unreadable."""
    with _readable():
        message = BytesHeaderParser(_class=EmailMessage, policy=_POLICY).parsebytes(content[:_LONGEST_HEAD])
        senders = list(islice(_addresses(message, "From"), 2))
        if len(senders) != 1:
            raise Unreadable("The mail has no sender.")
        names = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
        recipients = (address for name in names for address in _addresses(message, name))
        return Envelope(
            sender=senders[0].lower(),
            recipients=tuple(islice(recipients, _MOST_ADDRESSES)),
            message_id=_UNWANTED.sub("", _header(message, "Message-ID"))[:255],
            automatic=_is_automatic(message),
        )


def read_reply(content: bytes) -> Reply:
    """Read what a mail says. Raises Unreadable."""
    with _readable():
        message = BytesParser(_class=EmailMessage, policy=_POLICY).parsebytes(content)
        parts = list(islice(message.walk(), _MOST_PARTS))
        return Reply(without_quotes(_text(parts)), tuple(_files(parts)))


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (RecursionError, etree.LxmlError, ValueError, IndexError, AttributeError) as error:
        # The standard library stumbles over some of what nobody should send.
        raise Unreadable("The mail can't be read.") from error


def without_quotes(text: str) -> str:
    """Return what is new in an answer, without what it quotes and the signature below it."""
    short, long = _without_long_lines(_without_empty_runs(text)[:_LONGEST_TEXT])
    new: str = EmailReplyParser(languages=_LANGUAGES).parse_reply(text=short) or ""
    new = _STANDING_IN.sub(lambda found: long[int(found[1])], new)
    # What a language is not known by: a block of quoted lines at the end, and the line that announces it.
    lines = new.rstrip().split("\n")
    quoted = False
    while lines and (not lines[-1].strip() or _QUOTED.match(lines[-1])):
        quoted = quoted or bool(lines[-1].strip())
        lines.pop()
    if quoted and lines and lines[-1].rstrip().endswith(":"):
        lines.pop()
    return "\n".join(lines).strip()


def _without_long_lines(text: str) -> tuple[str, list[str]]:
    """Return a text with a mark in place of each line that is too long to announce a quote, and those lines."""
    long: list[str] = []
    lines = text.translate(_NO_MARKS).split("\n")
    for at, line in enumerate(lines):
        if len(line) > _LONGEST_LINE and _QUOTED.match(line):
            lines[at] = line[:_LONGEST_LINE]
        elif len(line) > _LONGEST_LINE:
            lines[at] = f"\ue000{len(long)}\ue001"
            long.append(line)
    return "\n".join(lines), long


def _without_empty_runs(text: str) -> str:
    """Return lines without blanks at their ends, and no more than two empty ones in a row."""
    kept: list[str] = []
    for line in text[:_LONGEST_HTML].splitlines():
        if line.strip() or any(kept[-2:]):
            kept.append(line.rstrip())
    return "\n".join(kept)


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


def _addresses(message: EmailMessage, name: str) -> Iterator[str]:
    values = [value for key, value in message.raw_items() if key.lower() == name.lower()]
    for value in values[:_MOST_HEADERS]:
        try:
            header: Any = message.policy.header_fetch_parse(name, value)
            found = [one.addr_spec for one in header.addresses] if hasattr(header, "addresses") else [str(header)]
        except (ValueError, IndexError, AttributeError):
            continue
        clean = (_UNWANTED.sub("", address).strip(" <>") for address in found[:_MOST_ADDRESSES])
        yield from (address for address in clean if "@" in address)


def _text(parts: list[EmailMessage]) -> str:
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind and not part.is_attachment():
                text = _decoded(part) if kind == "text/plain" else _plain(_decoded(part))
                # Some programs write the words in HTML and leave the plain part beside it empty, or put a file first.
                if text.strip():
                    return text
    return ""


def _decoded(part: EmailMessage) -> str:
    raw = part.get_payload(decode=True)
    # No character takes more than four bytes.
    content = raw[: 4 * _LONGEST_HTML] if isinstance(raw, bytes) else b""
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, UnicodeError):
        return content.decode("utf-8", "replace")


def _plain(text: str) -> str:
    """Return the words of an HTML mail, a line for each block."""
    if not text.strip():
        return ""
    content = text[:_LONGEST_HTML].encode("utf-8", "replace")
    root = html.fromstring(content, parser=html.HTMLParser(encoding="utf-8", no_network=True))
    etree.strip_elements(root, "script", "style", "blockquote", "head", etree.Comment, with_tail=False)
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
