import csv
from collections.abc import Callable, Iterable
from datetime import date

import pytest
from django.utils import translation
from django.utils.translation import get_language

from portico.output.exports.table import Amount, Cell, Table, csv_chunks, local_csv_chunks


def read(chunks: list[bytes]) -> list[list[str]]:
    return list(csv.reader(b"".join(chunks).decode("utf-8-sig").splitlines(keepends=True)))


def written_as[R](
    header: Callable[[], list[str]], rows: Iterable[R], cells: Callable[[R], Iterable[Cell]], language: str
) -> list[bytes]:
    return list(csv_chunks(Table("", header, rows, cells, language)))


def cell(text: str) -> str:
    [[_], [kept]] = read(written_as(lambda: ["Text"], [text], lambda row: [row], "en"))
    return kept


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+49 30 1234",
        "-2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠x",
        " =1+1",
        "\u00a0=1",
        "\ufeff=1",
    ],
)
def test_text_never_starts_a_formula(text: str) -> None:
    assert cell(text).startswith("'")
    assert cell(text).replace("'", "") == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [("paid;=cmd|' /c calc'!A0", "paid;'=cmd|' /c calc'!A0"), ("one\n=1", "one\n'=1"), ("one\t@x", "one\t'@x")],
)
def test_text_starts_no_formula_where_cells_split_differently(text: str, kept: str) -> None:
    assert cell(text) == kept


@pytest.mark.parametrize(
    "text", ["INV-1", "Müller & Söhne", 'a "quoted" one', "one, two", "two\nlines", "", "a=b", "1-2"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert cell(text) == text


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (123450, "EUR", "1234.50"),
        (-5, "EUR", "-0.05"),
        (0, "EUR", "0.00"),
        (-1500, "JPY", "-1500"),
        (1, "KWD", "0.001"),
    ],
)
def test_amounts_are_plain_decimals_and_negative_ones_stay_numbers(minor: int, currency: str, written: str) -> None:
    [[_], [kept]] = read(written_as(lambda: ["Amount"], [minor], lambda row: [Amount(row, currency)], "en"))
    assert kept == written


def test_a_table_is_rfc_4180_in_utf_8_with_a_mark() -> None:
    rows = [(date(2026, 11, 2), 'He said "Grüß, Gott"', None)]
    data = b"".join(written_as(lambda: ["Date", "Text", "Due"], rows, lambda row: row, "en"))
    assert data == '\ufeffDate,Text,Due\r\n2026-11-02,"He said ""Grüß, Gott""",\r\n'.encode()


def test_rows_are_read_as_the_file_is_sent_in_the_readers_language() -> None:
    seen: list[tuple[int, str | None]] = []

    def rows() -> list[int]:
        return [*range(2500)]

    def noticed(row: int) -> list[str]:
        seen.append((row, get_language()))
        return [str(row)]

    with translation.override("en"):
        chunks = csv_chunks(Table("", lambda: ["Number"], iter(rows()), noticed, "de"))
        next(chunks)
        assert not seen
        next(chunks)
        assert len(seen) == 1000
        assert get_language() == "en"
        assert len(list(chunks)) == 2
    assert [row for row, _ in seen] == rows()
    assert {language for _, language in seen} == {"de"}


def test_an_empty_list_has_its_header() -> None:
    assert read(written_as(lambda: ["One", "Two"], [], lambda row: row, "en")) == [["One", "Two"]]


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("de", ["Tag;Betrag;Text", "05.03.2026;-1234,50;'=1;2"]),
        ("en", ["Tag,Betrag,Text", "05/03/2026,-1234.50,'=1;2"]),
    ],
)
def test_a_spreadsheet_of_the_language_reads_it(language: str, lines: list[str]) -> None:
    row: list[Cell] = [date(2026, 3, 5), Amount(-123450, "EUR"), "=1;2"]
    table = Table("", lambda: ["Tag", "Betrag", "Text"], [row], lambda cells: cells, language)
    written = b"".join(local_csv_chunks(table)).decode("utf-8-sig").replace('"', "").splitlines()
    assert [line.replace(";'2", ";2") for line in written] == lines
