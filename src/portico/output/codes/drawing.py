"""QR codes as pages and PDFs draw them."""

from collections.abc import Iterator
from dataclasses import dataclass

import segno


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code of `size` modules each way, without its quiet zone; `path` fills its dark modules in SVG."""

    size: int
    path: str


def code_of(qr: segno.QRCode) -> Code:
    """Return a code of segno's as it is drawn."""
    rows = [bytes(row) for row in qr.matrix]
    return Code(len(rows), " ".join(_runs(rows)))


def _runs(rows: list[bytes]) -> Iterator[str]:
    """Draw each run of dark modules as one rectangle. Its commands stand apart, so that nothing breaks a long word."""
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            width = 0
            while x + width < len(row) and row[x + width]:
                width += 1
            if width:
                yield f"M{x} {y} h{width} v1 h-{width} z"
            x += width + 1
