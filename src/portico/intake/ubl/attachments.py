"""Files embedded in a document, and papers it only points to."""

import base64
import binascii
import re

from portico.intake.media import extension_for, media_type_of
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
    media_type = media_type_of(content, embedded.attribute("mimeCode"))
    if media_type is None:
        raise embedded.refusal(
            f"an attachment of the type {shown(embedded.attribute('mimeCode'))} with this content is not kept; PDF, "
            "PNG, JPEG, CSV, XLSX, ODS and XML are."
        )
    reference = node.text("cbc:ID")
    return ParsedAttachment(
        filename=_file_name(embedded.attribute("filename"), reference, media_type),
        media_type=media_type,
        content=content,
        reference=reference,
        description=node.prose("cbc:DocumentDescription"),
    )


def _file_name(given: str, reference: str, media_type: str) -> str:
    # A name from a stranger is a name, never a path.
    name = re.sub(r"[\\/]+", "_", given.replace("\\", "/").rpartition("/")[2]).strip(" .")
    if name:
        return name[:150]
    stem = re.sub(r"[\\/\s]+", "_", reference).strip("._") or "attachment"
    extension = extension_for(media_type)
    return stem[:140] + ("" if stem.lower().endswith(extension) else extension)
