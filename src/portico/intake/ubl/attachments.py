"""Files embedded in a document, and documents it only points to."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator

from portico.domain.files.content import OPAQUE, PDF, kind_of
from portico.intake.parsed import ParsedAttachment, ParsedReference
from portico.intake.ubl.node import Node

MAX_ATTACHMENTS = 100
# libxml2 reads no text longer than 10 MB, which is some 7 MB of content in base64.
MAX_ATTACHMENT_BYTES = 7 * 1024 * 1024
_INVOICED_OBJECT = "130"
_PROJECT = "50"
# What programs call a PDF that is the invoice itself: there is no code for it. A number may follow.
_ITSELF = ("invoice", "commercialinvoice", "creditnote", "primaryimage")


def read_additional_documents(root: Node) -> tuple[tuple[ParsedReference, ...], tuple[ParsedAttachment, ...]]:
    """Return what a document refers to and what it carries.

    An attachment that can't be shown to its customer never refuses the document: it says why.
    """
    references: list[ParsedReference] = []
    attachments: list[ParsedAttachment] = []
    for node in root.all("cac:AdditionalDocumentReference"):
        embedded = node.one("cac:Attachment/cbc:EmbeddedDocumentBinaryObject")
        url = node.text("cac:Attachment/cac:ExternalReference/cbc:URI")
        if embedded is not None:
            attachments.append(_attachment(node, embedded, is_one_too_many=len(attachments) >= MAX_ATTACHMENTS))
        if (embedded is None or url) and (node.text("cbc:ID") or url):
            references.append(_reference(node, url))
    return tuple(references), tuple(attachments)


def own_pdf(attachments: Iterable[ParsedAttachment], *, number: str, type_code: str) -> ParsedAttachment | None:
    """Return the one PDF that is the document itself: it bears the number or a word for it, or the document's own type.

    Where several could be, none is.
    """
    names = {type_code, *_ITSELF, *(word + _letters(number) for word in ("", *_ITSELF))} - {""}
    found = [
        one
        for one in attachments
        if one.media_type == PDF and not one.refused and not names.isdisjoint(map(_letters, _names(one)))
    ]
    return found[0] if len(found) == 1 else None


def _names(one: ParsedAttachment) -> Iterator[str]:
    yield from (one.type, one.description)
    yield from (name.lower().removesuffix(".pdf") for name in (one.filename, one.reference))


def _letters(text: str) -> str:
    """Return the letters and digits of a name, as file names can't hold all that a number may: `INV_7` for `INV/7`."""
    return "".join(filter(str.isalnum, text.casefold()))


def _reference(node: Node, url: str) -> ParsedReference:
    kinds = {_INVOICED_OBJECT: "invoiced_object", _PROJECT: "project"}
    identifier = node.one("cbc:ID")
    return ParsedReference(
        kind=kinds.get(node.text("cbc:DocumentTypeCode"), "document"),
        value=node.text("cbc:ID"),
        scheme=identifier.attribute("schemeID") if identifier else "",
        description=node.prose("cbc:DocumentDescription"),
        url=url,
    )


def _attachment(node: Node, embedded: Node, *, is_one_too_many: bool) -> ParsedAttachment:
    reference = node.text("cbc:ID")
    filename = _file_name(embedded.attribute("filename"), reference)
    content, refused = _content(embedded)
    # The declared type is not trusted; content of a kind we don't know is harmless data to keep as it is.
    media_type = kind_of(content, filename)
    if not refused and media_type is None:
        refused = "it is of a kind that is not kept"
    if not refused and is_one_too_many:
        refused = f"a document has at most {MAX_ATTACHMENTS} attachments"
    return ParsedAttachment(
        filename=filename,
        media_type=media_type or OPAQUE,
        content=content,
        reference=reference,
        description=node.prose("cbc:DocumentDescription"),
        type=node.text("cbc:DocumentTypeCode") or node.text("cbc:DocumentType"),
        refused=refused,
    )


def _content(embedded: Node) -> tuple[bytes, str]:
    """Return the bytes of an attachment, and why it is refused if they alone say so."""
    try:
        content = base64.b64decode("".join((embedded.element.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        return b"", "it is not base64"
    too_large = len(content) > MAX_ATTACHMENT_BYTES
    return content, f"it has more than {MAX_ATTACHMENT_BYTES // 1024 // 1024} MB" if too_large else ""


def _file_name(given: str, reference: str) -> str:
    # A name from a stranger is a name, never a path.
    last = given.replace("\\", "/").rpartition("/")[2].strip(" .")
    return last or re.sub(r"[\\/\s]+", "_", reference).strip("._") or "attachment"
