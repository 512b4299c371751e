"""A finished PDF made smaller: its objects go into compressed streams, which Typst does not write.

What makes a document accessible is many small objects, in a long one more than half of the file. Streams, such as
pages, fonts and metadata, stay as they are. Source: ISO 32000-1, 7.5.7 (object streams) and 7.5.8 (cross-reference
streams).
"""

import re
import struct
import zlib
from itertools import batched

# A reader unpacks a whole stream to get at one of its objects.
_OBJECTS_IN_STREAM = 200

_END = re.compile(rb"trailer\n<</Size (\d+)(.*)>>\nstartxref\n(\d+)\n%%EOF\s*", re.DOTALL)
_USED = re.compile(rb"(\d{10}) 00000 n\r\n")

# What a cross-reference stream says of an object: how it is kept, where, and its place there.
type _Entry = tuple[int, int, int]
_FREE, _PLAIN, _PACKED = range(3)


def compressed(pdf: bytes) -> bytes:
    """Return the PDF with its objects packed. A file that is not laid out as Typst's are is returned as it is."""
    end = _END.fullmatch(pdf, max(pdf.rfind(b"trailer\n"), 0))
    if end is None:
        return pdf
    table = int(end[3])
    starts = [int(offset) for offset in _USED.findall(pdf, table)]
    if len(starts) != int(end[1]) - 1:
        return pdf
    entries: list[_Entry] = [(_FREE, 0, 0xFFFF)] * int(end[1])
    written = bytearray(pdf[: min(starts)])
    small: list[tuple[int, bytes]] = []
    numbers = sorted(range(1, len(entries)), key=lambda number: starts[number - 1])
    for number, stop in zip(numbers, [*sorted(starts)[1:], table], strict=True):
        start = starts[number - 1]
        content = pdf[pdf.index(b"obj\n", start) + 4 : pdf.rindex(b"\nendobj", start, stop)]
        if content.endswith(b"endstream"):
            entries[number] = (_PLAIN, len(written), 0)
            written += pdf[start:stop]
        else:
            small.append((number, content))
    for some in batched(small, _OBJECTS_IN_STREAM, strict=False):
        for place, (number, _) in enumerate(some):
            entries[number] = (_PACKED, len(entries), place)
        entries.append((_PLAIN, len(written), 0))
        written += _object_stream(len(entries) - 1, some)
    entries.append((_PLAIN, len(written), 0))
    place = len(written)
    rows = b"".join([struct.pack(">BIH", *entry) for entry in entries])
    written += _stream(len(entries) - 1, b"/Type/XRef/W[1 4 2]/Size %d%s" % (len(entries), end[2]), rows)
    return bytes(written) + b"startxref\n%d\n%%%%EOF\n" % place


def _object_stream(number: int, objects: tuple[tuple[int, bytes], ...]) -> bytes:
    """Return the stream that holds `objects`: first their numbers and where each begins, then all of them."""
    index, length = [], 0
    for inner, content in objects:
        index.append(b"%d %d " % (inner, length))
        length += len(content) + 1
    head = b"".join(index)
    content = head + b"\n".join([content for _, content in objects])
    return _stream(number, b"/Type/ObjStm/N %d/First %d" % (len(objects), len(head)), content)


def _stream(number: int, says: bytes, content: bytes) -> bytes:
    small = zlib.compress(content)
    head = b"%d 0 obj\n<<%s/Filter/FlateDecode/Length %d>>\nstream\n" % (number, says, len(small))
    return head + small + b"\nendstream\nendobj\n"
