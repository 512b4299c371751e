"""What a file really is, told by its content and never by what somebody calls it.

Content is read piece by piece: a file is never in memory as a whole.
"""

import codecs
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import IO

import filetype  # type: ignore[import-untyped]  # published without types
from lxml import etree

OPAQUE = "application/octet-stream"
PDF = "application/pdf"
IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

# Every kind that is kept, with the ending its files carry.
ENDINGS = {
    PDF: ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.text": ".odt",
    "text/csv": ".csv",
    "text/plain": ".txt",
    "application/xml": ".xml",
    OPAQUE: ".bin",
}
_OFFICE_PARTS = {
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
# Where office files keep their programs.
_ACTIVE_PARTS = re.compile(r"(.*/)?(vbaproject\.bin|activex/.*)|(basic|scripts)/.+", re.IGNORECASE)

# The industry's harmless test virus (https://www.eicar.org), split so that no scanner takes this module for it.
_EICAR = b"$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$"
_PROGRAMS = (b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\x00asm")
_ACTIVE_MARKUP = (b"<!doctype html", b"<html", b"<svg", b"<script", b"<?php", b"<?xml-stylesheet")
_ACTIVE_NAMESPACES = frozenset(
    {"http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg", "http://www.w3.org/1999/XSL/Transform"}
)
_HEAD = 4096
_PIECE = 64 * 1024
_TEXT_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f")


def stream_of(content: bytes | IO[bytes]) -> IO[bytes]:
    """Return content as something to read and to seek in."""
    return BytesIO(content) if isinstance(content, bytes) else content


def size_of(content: IO[bytes]) -> int:
    """Return how many bytes there are."""
    return content.seek(0, 2)


def pieces_of(content: IO[bytes]) -> Iterator[bytes]:
    """Yield all of a content from its beginning, piece by piece."""
    content.seek(0)
    while piece := content.read(_PIECE):
        yield piece


def kind_of(content: bytes | IO[bytes], name: str) -> str | None:
    """Return the media type of a kind in `ENDINGS`, or None for what nobody may store.

    The name only tells CSV from other text. `OPAQUE` means that the content is no program and no active page, and
    nothing else either that we know.
    """
    content = stream_of(content)
    if is_dangerous(content):
        return None
    head = _head(content)
    guess: str | None = filetype.guess_mime(head)
    if guess == PDF or guess in IMAGES:
        return guess
    if head.startswith(b"PK"):
        return _packed_kind(content)
    return _text_kind(content, head, name) if is_text(content) else OPAQUE


def is_dangerous(content: bytes | IO[bytes]) -> bool:
    """Tell whether somebody's machine or browser would run this, or a virus scanner is meant to find it."""
    content = stream_of(content)
    head = _head(content)
    if head.startswith(_PROGRAMS) or _has_test_virus(content):
        return True
    if head.startswith(b"MZ") and not is_text(content):
        return True
    return not is_inert(head) and has_active_markup(head)


def has_active_markup(head: bytes) -> bool:
    """Tell whether content that begins like this begins like a page that a browser would run."""
    head = head[:_HEAD].lower()
    return any(mark in head or mark in _narrow(head) for mark in _ACTIVE_MARKUP)


def is_inert(head: bytes) -> bool:
    """Tell whether markup in content that begins like this is data, as in a PDF: nothing draws it as a page."""
    return head.startswith(b"%PDF-")


def is_text(content: bytes | IO[bytes]) -> bool:
    """Tell whether content reads as text: UTF-8, UTF-16 with its mark, or a Western one-byte encoding."""
    content = stream_of(content)
    if _head(content).startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decodes(content, "utf-16")
    if not all(_TEXT_CONTROLS.isdisjoint(piece) for piece in pieces_of(content)):
        return False
    return _decodes(content, "utf-8") or _decodes(content, "cp1252")


def _head(content: IO[bytes]) -> bytes:
    content.seek(0)
    # What tells the kinds apart lies within the first 8 kB.
    return content.read(2 * _HEAD)


def _has_test_virus(content: IO[bytes]) -> bool:
    before = b""
    for piece in pieces_of(content):
        if _EICAR in before + piece:
            return True
        before = piece[-len(_EICAR) :]
    return False


def _narrow(head: bytes) -> bytes:
    """Markup in UTF-16 hides behind its zero bytes."""
    return head.replace(b"\x00", b"")


def _decodes(content: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in pieces_of(content):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _text_kind(content: IO[bytes], head: bytes, name: str) -> str | None:
    ending = name.lower().rpartition(".")[2]
    if ending == "xml" or head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        return "application/xml" if _is_plain_xml(content) else None
    return "text/csv" if ending == "csv" else "text/plain"


def _is_plain_xml(content: IO[bytes]) -> bool:
    """Well-formed, without a document type, and nothing in it that a browser would draw or run."""
    content.seek(0)
    parts = etree.iterparse(
        content, events=("start", "end", "pi"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        for event, part in parts:
            if event == "end":
                # What was looked at is let go, or a large file would stay in memory as a tree.
                part.clear(keep_tail=True)
            elif event == "pi":
                if etree.tostring(part).startswith(b"<?xml-stylesheet"):
                    return False
            elif part.getroottree().docinfo.doctype or etree.QName(part).namespace in _ACTIVE_NAMESPACES:
                return False
    except etree.XMLSyntaxError:
        return False
    return True


def _packed_kind(content: IO[bytes]) -> str | None:
    """Tell the office files apart by their parts; one with macros, or any other archive, is not kept."""
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as archive:
            names = archive.namelist()
            declared = archive.read("mimetype") if _small(archive, "mimetype") else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError):
        return None
    if any(_ACTIVE_PARTS.fullmatch(name) for name in names):
        return None
    kind = declared.decode("ascii", "replace").strip()
    if kind in ENDINGS:
        return kind
    return next((kind for part, kind in _OFFICE_PARTS.items() if part in names), None)


def _small(archive: zipfile.ZipFile, name: str) -> bool:
    return name in archive.namelist() and archive.getinfo(name).file_size <= 200
