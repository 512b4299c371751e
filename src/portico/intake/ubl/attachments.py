"""Files embedded in a document, and papers it only points to."""

import base64
import binascii
import re

from portico.domain.files.content import kind_of
from portico.intake.parsed import ParsedAttachment, ParsedReference
from portico.intake.ubl.node import Node, shown

MAX_ATTACHMENTS = 100
# libxml2 reads no text longer than 10 MB, which is some 7 MB of content in base64.
MAX_ATTACHMENT_BYTES = 7 * 1024 * 1024
_INVOICED_OBJECT = "130"
_PROJECT = "50"


def read_additional_documents(root: Node) -> tuple[tuple[ParsedReference, ...], tuple[ParsedAttachment, ...]]:
    """Return what a document refers to and what it carries.

    Refuses content that is no base64, is too large, or is of a kind that is not kept.
    """
    references: list[ParsedReference] = []
    attachments: list[ParsedAttachment] = []
    for node in root.all("cac:AdditionalDocumentReference"):
        embedded = node.one("cac:Attachment/cbc:EmbeddedDocumentBinaryObject")
        url = node.text("cac:Attachment/cac:ExternalReference/cbc:URI")
        if embedded is not None:
            if len(attachments) == MAX_ATTACHMENTS:
                raise node.refusal(f"more than {MAX_ATTACHMENTS} attachments.")
            attachments.append(_attachment(node, embedded))
        if (embedded is None or url) and (node.text("cbc:ID") or url):
            references.append(_reference(node, url))
    return tuple(references), tuple(attachments)


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


def _attachment(node: Node, embedded: Node) -> ParsedAttachment:
    try:
        content = base64.b64decode("".join((embedded.element.text or "").split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise embedded.refusal("the attachment is not base64.") from error
    if len(content) > MAX_ATTACHMENT_BYTES:
        raise embedded.refusal(f"the attachment has more than {MAX_ATTACHMENT_BYTES // 1024 // 1024} MB.")
    reference = node.text("cbc:ID")
    filename = _file_name(embedded.attribute("filename"), reference)
    # The declared type is not trusted; content of a kind we don't know is harmless data to keep as it is.
    media_type = kind_of(content, filename)
    if media_type is None:
        raise embedded.refusal(f"the attachment {shown(filename)} is of a kind that is not kept.")
    return ParsedAttachment(
        filename=filename,
        media_type=media_type,
        content=content,
        reference=reference,
        description=node.prose("cbc:DocumentDescription"),
    )


def _file_name(given: str, reference: str) -> str:
    # A name from a stranger is a name, never a path.
    last = given.replace("\\", "/").rpartition("/")[2].strip(" .")
    return last or re.sub(r"[\\/\s]+", "_", reference).strip("._") or "attachment"
