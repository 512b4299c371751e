"""Reading QR codes as a camera does: from what is drawn, not from what was meant."""

import re

import zxingcpp
from PIL import Image
from pypdfium2 import PdfDocument

from portico.output.codes.drawing import Code

_RUN = re.compile(r"M(\d+) (\d+) h(\d+) v1 h-\d+ z")


def read_code(code: Code) -> str:
    """Return what a drawn code says."""
    return read_path(code.path, code.size)


def read_path(path: str, size: int, *, scale: int = 8, hidden: int = 0) -> str:
    """Return what a code drawn by this SVG path says, with a quiet zone around it; `hidden` modules in its middle."""
    image = Image.new("L", ((size + 8) * scale, (size + 8) * scale), 255)
    for x, y, width in _RUN.findall(path):
        left, top = (int(x) + 4) * scale, (int(y) + 4) * scale
        image.paste(0, (left, top, left + int(width) * scale, top + scale))
    if hidden:
        middle, half = (size + 8) * scale // 2, hidden * scale // 2
        image.paste(255, (middle - half, middle - half, middle + half, middle + half))
    return read_picture(image)


def read_picture(image: Image.Image) -> str:
    """Return what the one code in a picture says."""
    (found,) = zxingcpp.read_barcodes(image)
    return str(found.text)


def codes_of_pdf(pdf: bytes) -> list[str]:
    """Return what the codes on the pages of a PDF say, as they are printed."""
    pages = [page.render(scale=3).to_pil().convert("L") for page in PdfDocument(pdf)]
    return [str(found.text) for page in pages for found in zxingcpp.read_barcodes(page)]
