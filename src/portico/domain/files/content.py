"""What a file really is, told by its content and never by what somebody calls it."""

import re
import zipfile
from io import BytesIO

import filetype  # type: ignore[import-untyped]  # published without types
from lxml import etree

OPAQUE = "application/octet-stream"
IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

# Every kind that is kept, with the ending its files carry.
ENDINGS = {
    "application/pdf": ".pdf",
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
_TEXT_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f")


def kind_of(content: bytes, name: str) -> str | None:
    """Return the media type of a kind in `ENDINGS`, or None for what nobody may store.

    The name only tells CSV from other text. `OPAQUE` means that the content is no program and no active page, and
    nothing else either that we know.
    """
    if is_dangerous(content):
        return None
    guess: str | None = filetype.guess_mime(content)
    if guess == "application/pdf" or guess in IMAGES:
        return guess
    if content.startswith(b"PK"):
        return _packed_kind(content)
    return _text_kind(content, name) if is_text(content) else OPAQUE


def is_dangerous(content: bytes) -> bool:
    """Tell whether somebody's machine or browser would run this, or a virus scanner is meant to find it."""
    head = content[:_HEAD].lower()
    return (
        content.startswith(_PROGRAMS)
        or (content.startswith(b"MZ") and not is_text(content))
        or _EICAR in content
        or any(mark in head or mark in _narrow(head) for mark in _ACTIVE_MARKUP)
    )


def is_text(content: bytes) -> bool:
    """Tell whether content reads as text: UTF-8, UTF-16 with its mark, or a Western one-byte encoding."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decodes(content, "utf-16")
    if not _TEXT_CONTROLS.isdisjoint(content):
        return False
    return _decodes(content, "utf-8") or _decodes(content, "cp1252")


def _narrow(head: bytes) -> bytes:
    """Markup in UTF-16 hides behind its zero bytes."""
    return head.replace(b"\x00", b"")


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _text_kind(content: bytes, name: str) -> str | None:
    ending = name.lower().rpartition(".")[2]
    if ending == "xml" or content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        return "application/xml" if _is_plain_xml(content) else None
    return "text/csv" if ending == "csv" else "text/plain"


def _is_plain_xml(content: bytes) -> bool:
    """Well-formed, without a document type, and nothing in it that a browser would draw or run."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return False
    if root.getroottree().docinfo.doctype:
        return False
    namespaces = {etree.QName(element).namespace for element in root.iter(etree.Element)}
    return _ACTIVE_NAMESPACES.isdisjoint(namespaces)


def _packed_kind(content: bytes) -> str | None:
    """Tell the office files apart by their parts; one with macros, or any other archive, is not kept."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
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
