"""Workbooks, read back by another library than the one that wrote them."""

from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from portico.output.exports import workbook
from portico.output.exports.table import Amount, Cell, Table
from portico.output.exports.workbook import workbook_chunks

ROWS: list[list[Cell]] = [
    [date(2026, 3, 5), "=1+1", Amount(-123450, "EUR"), 19, None],
    [date(1999, 12, 31), "https://x.example", Amount(60000, "JPY"), None, ""],
    [date(2026, 11, 30), "0815", Amount(1, "KWD"), 1, "📄 é"],
    [date(2026, 11, 30), "x" * 40_000, Amount(10**15, "EUR"), 1, "a\nb"],
]


def table(rows: list[list[Cell]], title: str = "Credit notes", language: str = "en") -> Table[list[Cell]]:
    return Table(title, lambda: ["Day", "Text", "Amount", "Days", "Note"], rows, lambda row: row, language)


def sheets(made: Table[list[Cell]]) -> list[Worksheet]:
    return list(load_workbook(BytesIO(b"".join(workbook_chunks(made)))).worksheets)


def test_days_and_numbers_are_what_they_say() -> None:
    [sheet] = sheets(table(ROWS))
    header, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    first, second, third, last = [[row[0].date() if isinstance(row[0], datetime) else None, *row[1:]] for row in rows]
    assert header == ["Day", "Text", "Amount", "Days", "Note"]
    assert first == [date(2026, 3, 5), "=1+1", -1234.5, 19, None]
    assert second == [date(1999, 12, 31), "https://x.example", 60000, None, None]
    assert third == [date(2026, 11, 30), "0815", 0.001, 1, "📄 é"]
    assert (len(str(last[1])), last[2], last[4]) == (32_767, 10**13, "a\nb")


def test_text_is_never_a_formula_or_a_link() -> None:
    [sheet] = sheets(table(ROWS))
    assert {cell.data_type for row in sheet.iter_rows(min_row=2, min_col=2, max_col=2) for cell in row} == {"s"}
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def test_amounts_show_the_decimals_of_their_currency() -> None:
    [sheet] = sheets(table(ROWS))
    formats = [row[2].number_format for row in sheet.iter_rows(min_row=2)]
    assert formats == ["#,##0.00", "#,##0", "#,##0.000", "#,##0.00"]
    assert sheet["A2"].is_date


def test_columns_are_as_wide_as_what_they_hold_within_bounds() -> None:
    [sheet] = sheets(table([[date(2026, 3, 5), "Brighton & Hove Cycle Works Ltd", Amount(1, "EUR"), 1, "x" * 400]]))
    day, name, note = (sheet.column_dimensions[letter].width for letter in "ABE")
    assert 11 <= day < 13
    assert len("Brighton & Hove Cycle Works Ltd") < name < 35
    assert 40 <= note < 42


def test_columns_are_as_wide_as_their_longest_amount() -> None:
    amounts = (Amount(-98765432199, "EUR"), Amount(1, "EUR"))
    [sheet] = sheets(table([[date(2026, 3, 5), "May", amount, 1, ""] for amount in amounts]))
    assert len("-987,654,321.99") < sheet.column_dimensions["C"].width < 20


def test_numbers_stand_to_the_right_below_their_headings() -> None:
    [sheet] = sheets(table([[date(2026, 3, 5), "a", Amount(1, "EUR"), None, "b"], *ROWS]))
    headings = [cell.alignment.horizontal for cell in next(sheet.iter_rows())]
    assert headings == ["left", "left", "right", "right", "left"]
    assert [sheet[place].alignment.horizontal for place in ("B2", "C2", "D3")] == ["left", "right", "right"]
    # Neither the next column's text nor the button that filters touches them.
    assert sheet["C1"].alignment.indent > sheet["C2"].alignment.indent > 0


@pytest.mark.parametrize(("language", "side"), [("en", "left"), ("ar", "right")])
def test_text_and_days_stand_on_the_side_that_lines_begin_on(language: str, side: str) -> None:
    [sheet] = sheets(table([[date(2026, 3, 5), "شركة النور", None, None, "INV-0001"]], language=language))
    assert {sheet[place].alignment.horizontal for place in ("A1", "A2", "B1", "B2", "E2")} == {side}


def test_printed_pages_have_numbers() -> None:
    [sheet] = sheets(table(ROWS))
    assert (sheet.oddFooter.left.text, sheet.oddFooter.right.text) == ("&A", "&P / &N")


def test_the_header_stays_in_sight_and_is_printed_on_every_page() -> None:
    [sheet] = sheets(table(ROWS))
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("Credit notes", "A2", "A1:E5")
    assert sheet.print_title_rows == "$1:$1"
    assert not sheet.sheet_view.rightToLeft
    assert sheets(table(ROWS, language="ar"))[0].sheet_view.rightToLeft


@pytest.mark.parametrize(("title", "name"), [("a/b: [c]*?", "a b   c"), ("", "Portico"), ("x" * 50, "x" * 31)])
def test_a_sheet_has_a_name_that_is_allowed(title: str, name: str) -> None:
    assert sheets(table([], title))[0].title == name


def test_what_is_too_long_for_a_sheet_goes_on_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_ROWS_PER_SHEET", 3)
    found = sheets(table(ROWS))
    assert [(sheet.title, sheet.max_row) for sheet in found] == [("Credit notes", 3), ("Credit notes 2", 3)]
    assert [sheet["A1"].value for sheet in found] == ["Day", "Day"]
