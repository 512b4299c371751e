"""A long PDF set in parts reads like one set at once."""

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from portico.output.pdf.render import Renderer
from portico.output.pdf.sheets import (
    Column,
    Fact,
    Frame,
    ListSheet,
    Row,
    StatementSection,
    StatementSheet,
    Table,
    Total,
)
from portico.output.pdf.tests.samples import ARABIC, FRAME
from portico.output.pdf.tests.test_render import read, tags, text_of
from portico.output.pdf.worker import render_long

COLUMNS = (Column("Date"), Column("Entry", grows=True), Column("Charge", "number"), Column("Balance", "number"))
AGEING = Table((Column("Not yet due", "number", grows=True),), (Row(("€7.00",)),), heading="By age")


def entries(count: int, prefix: str = "INV") -> Table:
    """Return a table of which no row is like another, some of two lines, and with a sum."""
    names = [f"{prefix}-{number:05} " + "long name " * (number % 7 * 3) for number in range(count)]
    rows = [Row((f"{1 + day % 28} Nov 2026", name, "€1.00", f"€{day}.00")) for day, name in enumerate(names)]
    return Table(COLUMNS, (*rows, Row(("", "Closing balance", "", "€7.00"), strong=True)))


def statement(*tables: Table, frame: Frame = FRAME) -> StatementSheet:
    several = len(tables) > 1
    sections = [
        StatementSection(f"Currency {number}" if several else "", table, AGEING) for number, table in enumerate(tables)
    ]
    return StatementSheet(
        frame, "1 to 30 November", (), (Fact("Customer", "Acme"),), tuple(sections), Fact("Balance", "€7.00")
    )


def in_parts(
    printer: Renderer, folder: Path, sheet: StatementSheet | ListSheet, rows: int = 90
) -> tuple[bytes, list[int]]:
    reported: list[int] = []
    target = folder / "long.pdf"
    render_long(printer._directory, printer.job(sheet), target, reported.append, rows)
    return target.read_bytes(), reported


def pages(pdf: bytes) -> list[list[str]]:
    """The words of every page, whatever order its pieces come in."""
    return [sorted(page.extract_text().split()) for page in read(pdf).pages]


@pytest.mark.parametrize("frame", [FRAME, ARABIC], ids=["ltr", "rtl"])
def test_nobody_sees_where_parts_meet(printer: Renderer, tmp_path: Path, frame: Frame) -> None:
    sheet = statement(entries(300), frame=frame)
    at_once = pages(printer.render(sheet))
    parts, reported = in_parts(printer, tmp_path, sheet)
    assert pages(parts) == at_once, "each page holds the same rows, its heading and its number"
    assert len(reported) > 3
    assert reported == sorted(reported)
    assert reported[-1] == 301


@pytest.fixture(scope="module")
def long(printer: Renderer, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return in_parts(printer, tmp_path_factory.mktemp("long"), statement(entries(200)))[0]


def test_its_tags_are_those_of_one_document(long: bytes) -> None:
    found = tags(long)
    assert found.count("/Document") == 1
    assert found.count("/H1") == 1
    assert found.count("/Table") == found.count("/THead") > 3, "a table for each part, and one by age"
    assert found.count("/TR") == 201 + found.count("/THead") + 1, "every row once"
    root: Any = read(long).root_object
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    metadata = root["/Metadata"].get_data()
    for fact in (b"<pdfaid:part>3", b"<pdfaid:conformance>A", b"<pdfuaid:part>1", b"NPages>%d<" % len(pages(long))):
        assert fact in metadata


def test_every_mark_on_a_page_leads_to_its_tag(long: bytes) -> None:
    with pikepdf.open(io.BytesIO(long)) as pdf:
        assert not pdf.check_pdf_syntax()
        nums = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        parents = dict(zip(map(int, nums[::2]), nums[1::2], strict=True))
        assert len(parents) == len(pdf.pages)
        for page in pdf.pages:
            marks = [
                step.operands[1].MCID
                for step in pikepdf.parse_content_stream(page)
                if str(step.operator) == "BDC" and "/MCID" in step.operands[1]
            ]
            tagged = parents[int(page.obj.StructParents)]
            assert len(tagged) == len(marks)
            assert all(tag.Pg.objgen == page.obj.objgen for tag in tagged if "/Pg" in tag)


def test_currencies_follow_each_other_also_one_without_entries(printer: Renderer, tmp_path: Path) -> None:
    empty = Table(COLUMNS, (), empty="Nothing is open.")
    parts, _ = in_parts(printer, tmp_path, statement(empty, entries(150, "USD"), entries(3, "GBP")))
    text = text_of(parts)
    places = [
        text.index(words) for words in ("Currency 0", "Nothing is open.", "Currency 1", "USD-00149", "Currency 2")
    ]
    assert places == sorted(places)
    assert text.count("By age") == 3
    assert [str(item["/Title"]) for item in read(parts).outline if not isinstance(item, list)] == [
        FRAME.title, "Currency 0", "By age", "Currency 1", "By age", "Currency 2", "By age",
    ]  # fmt: skip


def test_a_list_ends_with_its_sums(printer: Renderer, tmp_path: Path) -> None:
    sheet = ListSheet(FRAME, "25 Nov 2026", (Fact("Customer", "Acme"),), entries(200), (Total("Total", "€200.00"),))
    parts, _ = in_parts(printer, tmp_path, sheet)
    assert pages(parts) == pages(printer.render(sheet))
