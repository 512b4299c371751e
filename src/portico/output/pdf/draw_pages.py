"""The first pages of a PDF that was made elsewhere, drawn as pictures; run with `-m` in a process of its own.

Such a PDF may be broken or mean harm. So what draws it has bounds of time, memory and size, is told no setting and
no secret, and may die: the server takes note of it and goes on.
"""

import json
import resource
import sys
from io import BytesIO
from zipfile import ZipFile

import pypdfium2

# An A4 page at 150 dots per inch: sharp on screens with small pixels, and when it is printed.
WIDTH = 1240
MAX_HEIGHT = 2 * WIDTH
MOST_PAGES = 5

# Five pages take half a second, five full of noise two.
_CPU_SECONDS = 6
_MEMORY = 1024 * 1024 * 1024
_WRITTEN = 20 * 1024 * 1024
# A third of the time that the smallest files take, for a fiftieth of their size.
_WEBP = {"quality": 85, "method": 2}


def bound() -> None:
    """Bound what this process may take: it ends when it wants more."""
    for what, most in (
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_FSIZE, _WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def draw(source: str, target: str) -> None:
    """Draw the PDF at `source` into a ZIP at `target`: a WebP for each page, and the facts of them as its comment."""
    with pypdfium2.PdfDocument(source) as pdf, ZipFile(target, "w") as pictures:
        # What was filled into a form is part of the page.
        pdf.init_forms()
        sizes = []
        for number in range(min(len(pdf), MOST_PAGES)):
            width, height, content = _page(pdf[number])
            pictures.writestr(f"{number + 1}.webp", content)
            sizes.append((width, height))
        pictures.comment = json.dumps({"count": len(pdf), "sizes": sizes}).encode()


def _page(page: pypdfium2.PdfPage) -> tuple[int, int, bytes]:
    width, height = page.get_size()
    picture = page.render(scale=min(WIDTH / width, MAX_HEIGHT / height)).to_pil()
    out = BytesIO()
    picture.save(out, "WEBP", **_WEBP)
    page.close()
    return picture.width, picture.height, out.getvalue()


if __name__ == "__main__":
    bound()
    draw(*sys.argv[1:])
