"""What the bytes of an attachment are. Source: EN 16931 names PDF, PNG, JPEG, CSV, XLSX and ODS; XRechnung adds XML."""

import filetype  # type: ignore[import-untyped]  # published without types

_BY_MAGIC = {"application/pdf", "image/png", "image/jpeg"}
_SPREADSHEETS = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.spreadsheet",
}
_TEXTS = {"text/csv", "text/plain", "application/xml", "text/xml"}
_DECLARABLE = {*_BY_MAGIC, *_SPREADSHEETS, *_TEXTS, "image/jpg", "text/comma-separated-values"}
OPAQUE = "application/octet-stream"

# What a browser or a shell would run, were it ever served without our headers.
_EXECUTABLE = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")
_ACTIVE_MARKUP = (b"<!doctype html", b"<html", b"<svg", b"<script", b"<?php", b"http://www.w3.org/1999/xhtml")
_EXTENSIONS = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "text/csv": ".csv",
    "text/plain": ".txt",
    "application/xml": ".xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
}


def media_type_of(content: bytes, declared: str) -> str | None:
    """Return the media type to keep an attachment under, or None when it may not be kept at all.

    The bytes decide, the declared type only tells texts and spreadsheets apart. What carries an allowed type but does
    not look like it is kept as `application/octet-stream`. Programs, HTML and SVG are never kept, nor types that
    invoices may not carry.
    """
    declared = declared.partition(";")[0].strip().lower()
    if declared and declared not in _DECLARABLE:
        return None
    head = content[:4096].lower()
    if content.startswith(_EXECUTABLE) or any(mark in head for mark in _ACTIVE_MARKUP):
        return None
    guess: str | None = filetype.guess_mime(content)
    if guess in _BY_MAGIC or guess in _SPREADSHEETS:
        return guess
    if guess == "application/zip" and declared in _SPREADSHEETS:
        return declared
    if declared in _TEXTS and guess is None and b"\x00" not in content:
        return "application/xml" if declared == "text/xml" else declared
    return OPAQUE


def extension_for(media_type: str) -> str:
    """Return the file name extension of a media type with its dot, or ""."""
    return _EXTENSIONS.get(media_type, "")
