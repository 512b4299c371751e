"""PDFs from elsewhere are drawn within bounds, and what they do ends with the process that draws them."""

import subprocess
import sys
import zlib
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image

from portico.output.pdf.render import Renderer
from portico.output.pdf.tests.samples import invoice, lines


def draw(folder: Path, content: bytes) -> tuple[int, list[tuple[int, int]]]:
    """Draw a PDF as the server has it done; return how that ended, and the size of each picture."""
    source, target = folder / "own.pdf", folder / "pages.zip"
    source.write_bytes(content)
    words = [sys.executable, "-I", "-m", "portico.output.pdf.draw_pages", str(source), str(target)]
    done = subprocess.run(words, env={}, stderr=subprocess.DEVNULL, check=False)
    if done.returncode:
        return done.returncode, []
    with ZipFile(target) as pictures:
        contents = [pictures.read(name) for name in pictures.namelist()]
    return 0, [Image.open(BytesIO(one)).size for one in contents]


def pdf(media_box: str, contents: bytes, *more: bytes, resources: str = "") -> bytes:
    """A PDF of one page, written by hand."""
    page = f"<</Type/Page/Parent 2 0 R/MediaBox[{media_box}]/Contents 4 0 R/Resources<<{resources}>>>>"
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page.encode(),
        stream("", contents),
        *more,
    ]
    out, starts = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, start=1):
        starts.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    head = b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(bodies) + 1, table)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, len(out))
    return out + head + tail


def stream(facts: str, content: bytes) -> bytes:
    return f"<</Length {len(content)}{facts}>>\nstream\n".encode() + content + b"\nendstream"


def forms_in_forms() -> bytes:
    """A page that shows a form twenty times, which shows another twenty times, and so on: 20 to the power of 12."""
    use, forms = b"/F Do " * 20, []
    for number in range(6, 18):
        facts = f"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</F {number} 0 R>>>>"
        forms.append(stream(facts, use))
    forms.append(stream("/Type/XObject/Subtype/Form/BBox[0 0 595 842]", b"0 0 500 500 re f"))
    return pdf("0 0 595 842", use, *forms, resources="/XObject<</F 5 0 R>>")


def huge_picture() -> bytes:
    """A page with a picture of ten gigabytes, of which there are a hundred bytes."""
    facts = "/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceRGB"
    picture = stream(f"{facts}/Filter/FlateDecode", zlib.compress(bytes(100)))
    return pdf("0 0 595 842", b"500 0 0 500 0 0 cm /I Do", picture, resources="/XObject<</I 5 0 R>>")


def test_first_pages_are_drawn_as_wide_as_screens_are_sharp(printer: Renderer, tmp_path: Path) -> None:
    assert draw(tmp_path, printer.render(invoice(rows=lines(30)))) == (0, [(1240, 1754)] * 2)


@pytest.mark.parametrize(
    ("media_box", "size"), [("0 0 200000 1", (1240, 1)), ("0 0 1 200000", (1, 2480)), ("0 0 9 9", (1240, 1240))]
)
def test_no_paper_makes_a_picture_larger(tmp_path: Path, media_box: str, size: tuple[int, int]) -> None:
    assert draw(tmp_path, pdf(media_box, b"0 0 5 5 re f")) == (0, [size])


def test_work_without_end_is_ended(tmp_path: Path) -> None:
    ended, sizes = draw(tmp_path, forms_in_forms())
    assert ended != 0
    assert sizes == []


def test_memory_is_bounded(tmp_path: Path) -> None:
    _ended, sizes = draw(tmp_path, huge_picture())
    assert sizes in ([], [(1240, 1755)], [(1240, 1754)]), "drawn without the picture, or not at all"
