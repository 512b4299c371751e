"""XML from strangers: no DTD, no entities, no network, bounded size, depth and number of elements."""

import hashlib
import re

from lxml import etree

from portico.intake.errors import Unreadable
from portico.intake.source import check_size

# Some thirty thousand invoice lines. It bounds memory: every element costs a multiple of its bytes.
MAX_ELEMENTS = 500_000
_CHUNK = 64 * 1024
_LIBXML_PLACE = re.compile(r", line \d+, column \d+$")
_NO_DOCUMENT_TYPE = "the file declares a document type (DOCTYPE); invoices have none."
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


def parse_xml(content: bytes) -> etree._Element:
    """Return the root element of a document.

    Raises Unreadable, with the line, for anything that is no well-formed XML, that declares a document type, nests
    deeper than 256 elements or has more than `MAX_ELEMENTS` of them.
    """
    check_size(content)
    _refuse_other_formats(content)
    parser: etree.XMLPullParser[etree._Element] = etree.XMLPullParser(
        events=("start",),
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    count = 0
    try:
        for offset in range(0, len(content), _CHUNK):
            parser.feed(content[offset : offset + _CHUNK])
            count = _check_start_tags(parser, count)
        root: etree._Element = parser.close()
        _check_start_tags(parser, count)
    except etree.XMLSyntaxError as error:
        raise _syntax_refusal(content, error) from error
    return root


def checksum(root: etree._Element) -> str:
    """Return the SHA-256 of what a document says, in hexadecimal.

    Encoding, namespace prefixes, comments, indentation, the order of attributes and schema hints do not count.
    """
    digest = hashlib.sha256()
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            digest.update(b"</>" + _field(element.tail))
            continue
        digest.update(b"<" + _field(str(element.tag)))
        for name, value in sorted((str(name), str(value)) for name, value in element.attrib.items()):
            if not name.startswith(_XSI):
                digest.update(b"@" + _field(name) + _field(value))
        digest.update(b">" + _field(element.text))
    return digest.hexdigest()


def _field(text: str | None) -> bytes:
    # The length in front keeps two texts from reading like one with a separator in it.
    encoded = (text or "").strip().encode()
    return str(len(encoded)).encode() + b":" + encoded


def _check_start_tags(parser: etree.XMLPullParser, count: int) -> int:
    for _event, element in parser.read_events():
        if count == 0 and element.getroottree().docinfo.internalDTD is not None:
            raise Unreadable(_NO_DOCUMENT_TYPE, line=1)
        count += 1
        if count > MAX_ELEMENTS:
            raise Unreadable(
                f"the file has more than {MAX_ELEMENTS:,} elements.",
                line=element.sourceline,
            )
    return count


def _refuse_other_formats(content: bytes) -> None:
    if content.startswith(b"%PDF-"):
        raise Unreadable("this is a PDF, not XML; import the invoice's XML file.")
    if content.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise Unreadable("this is an archive, not XML; unpack it first.")


def _syntax_refusal(content: bytes, error: etree.XMLSyntaxError) -> Unreadable:
    if b"<!DOCTYPE" in content[:_CHUNK].replace(b"\0", b""):
        return Unreadable(_NO_DOCUMENT_TYPE, line=error.lineno or None)
    if not error.lineno:
        error = _full_error(content, error)
    line = error.lineno or None
    if error.code in _ENTITY_ERRORS:
        return Unreadable(
            "the file uses an entity that XML itself does not have; invoices have none.",
            line=line,
        )
    if error.code in _LIMIT_ERRORS:
        return Unreadable(
            "the file goes beyond what an invoice can be: nested deeper than 256 elements, or one text longer than "
            "10 MB.",
            line=line,
        )
    reason = _LIBXML_PLACE.sub("", " ".join((error.msg or "nothing to read").split())).rstrip(".")
    return Unreadable(f"this is not well-formed XML: {reason}.", line=line, code="not_xml")


def _full_error(content: bytes, error: etree.XMLSyntaxError) -> etree.XMLSyntaxError:
    # The incremental parser stops at an undeclared entity without saying where; the plain one says it.
    try:
        etree.fromstring(content, etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False))
    except etree.XMLSyntaxError as full:
        return full
    return error


_ENTITY_ERRORS = frozenset(
    {
        etree.ErrorTypes.ERR_UNDECLARED_ENTITY,
        etree.ErrorTypes.WAR_UNDECLARED_ENTITY,
        etree.ErrorTypes.ERR_UNPARSED_ENTITY,
        etree.ErrorTypes.ERR_ENTITY_LOOP,
    }
)
_LIMIT_ERRORS = frozenset({etree.ErrorTypes.ERR_RESOURCE_LIMIT, etree.ErrorTypes.ERR_NAME_TOO_LONG})
