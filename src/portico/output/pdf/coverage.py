"""Which characters a font can show: the character map of TrueType and OpenType files, and nothing else of them.

Source: the OpenType specification, tables `cmap` (formats 4 and 12) and `ttcf` (collections).
"""

import struct
from collections.abc import Iterable, Iterator

_PLANES = 0x110000


class Coverage:
    """A set of characters as one bit each, small enough to keep in a file beside the fonts."""

    def __init__(self, bits: bytes) -> None:
        self.bits = bits

    def __contains__(self, character: str) -> bool:
        code = ord(character)
        return bool(self.bits[code >> 3] >> (code & 7) & 1)

    @classmethod
    def of(cls, fonts: Iterable[bytes]) -> "Coverage":
        """Return what the given font files can show together. Of a collection the first font speaks for all."""
        bits = bytearray(_PLANES // 8)
        for font in fonts:
            for first, last in _ranges(font):
                for code in range(first, last + 1):
                    bits[code >> 3] |= 1 << (code & 7)
        return cls(bytes(bits))


def _ranges(font: bytes) -> Iterator[tuple[int, int]]:
    start = struct.unpack_from(">I", font, 12)[0] if font[:4] == b"ttcf" else 0
    for index in range(struct.unpack_from(">H", font, start + 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, start + 12 + 16 * index)
        if tag == b"cmap":
            yield from _character_map(font, offset)


def _character_map(font: bytes, table: int) -> Iterator[tuple[int, int]]:
    for index in range(struct.unpack_from(">H", font, table + 2)[0]):
        offset = table + struct.unpack_from(">I", font, table + 4 + 8 * index + 4)[0]
        layout = struct.unpack_from(">H", font, offset)[0]
        if layout == 4:
            yield from _segments(font, offset)
        elif layout == 12:
            for group in range(struct.unpack_from(">I", font, offset + 12)[0]):
                first, last, _ = struct.unpack_from(">III", font, offset + 16 + 12 * group)
                yield first, last


def _segments(font: bytes, offset: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of a format 4 table, leaving out codes that a segment maps to the missing glyph."""
    count = struct.unpack_from(">H", font, offset + 6)[0] // 2
    words = f">{count}H"
    ends = struct.unpack_from(words, font, offset + 14)
    starts = struct.unpack_from(words, font, offset + 16 + 2 * count)
    deltas = struct.unpack_from(words, font, offset + 16 + 4 * count)
    range_offsets = offset + 16 + 6 * count
    pointers = struct.unpack_from(words, font, range_offsets)
    for index, (first, last, delta, pointer) in enumerate(zip(starts, ends, deltas, pointers, strict=True)):
        for code in range(first, last + 1):
            glyph = code
            if pointer:
                glyph = struct.unpack_from(">H", font, range_offsets + 2 * index + pointer + 2 * (code - first))[0]
            if code != 0xFFFF and (glyph and (glyph + delta) & 0xFFFF):
                yield code, code
