import io
import re
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from portico.output.pdf import typeset
from portico.output.pdf.compress import compressed
from portico.output.pdf.render import Renderer
from portico.output.pdf.sheets import Sheet
from portico.output.pdf.tests.samples import ARABIC, every_kind, invoice, lines


@pytest.fixture
def plain(printer: Renderer, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Render a sheet as Typst writes it, not packed."""

    def render(sheet: Sheet) -> bytes:
        with monkeypatch.context() as patch:
            patch.setattr(typeset, "compressed", lambda pdf: pdf)
            return printer.render(sheet)

    return render


def contents(pdf: bytes) -> dict[int, Any]:
    """Every object that Typst numbered, as plain values to compare, with the bytes of streams as they are kept."""
    reader = PdfReader(io.BytesIO(pdf), strict=True)

    def value(node: Any) -> Any:
        match node:
            case IndirectObject():
                return ("reference", node.idnum)
            case StreamObject():
                return {**{key: value(node.raw_get(key)) for key in node}, "bytes": node._data}
            case DictionaryObject():
                return {key: value(node.raw_get(key)) for key in node}
            case ArrayObject():
                return [value(item) for item in list.__iter__(node)]
        return (type(node).__name__, node)

    wanted = int(re.search(rb"/Root (\d+)", pdf)[1])  # type: ignore[index]  # both kinds of file say it in the clear
    found = {number: value(reader.get_object(number)) for number in range(1, wanted + 1)}
    return found | {0: value(reader.trailer.raw_get("/Info")), -1: value(reader.trailer.raw_get("/ID"))}


@pytest.mark.parametrize("kind", ["document", "receipt", "statement", "list"])
def test_a_packed_file_holds_the_same_objects(plain: Any, kind: str) -> None:
    pdf = plain(every_kind(ARABIC)[kind])
    assert contents(compressed(pdf)) == contents(pdf)


def test_more_objects_than_a_stream_holds_are_packed_too(plain: Any) -> None:
    pdf = plain(invoice(rows=lines(120)))
    small = compressed(pdf)
    assert small.count(b"/Type/ObjStm") > 2
    assert contents(small) == contents(pdf)
    assert len(small) < len(pdf) / 2


def test_the_metadata_can_still_be_read_without_unpacking(printer: Renderer) -> None:
    assert b"<pdfaid:part>3" in printer.render(invoice())


DAMAGE = {
    "without its end": lambda pdf: pdf[:-200],
    "with a gap in its table": lambda pdf: pdf.replace(b" n\r\n", b" f\r\n", 1),
    "packed already": compressed,
    "empty": lambda _pdf: b"",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_file_laid_out_otherwise_is_left_alone(plain: Any, damage: Any) -> None:
    pdf = damage(plain(invoice()))
    assert compressed(pdf) == pdf
