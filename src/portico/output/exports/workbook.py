"""A table as a workbook: days and amounts that can be reckoned with, and a header that stays in sight."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils import translation
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from portico.lib.l10n import formatter
from portico.output.exports.table import Amount, Cell, Table

_PIECE = 64 * 1024

# With its header, a sheet holds this many rows: the most that Excel opens. What is left goes on another one.
_ROWS_PER_SHEET = 1_048_576
_LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_LONGEST_TEXT = 32_767

# Excel's own short date, which it shows as the reader's system writes days.
_SHORT_DATE = 14
_WIDEST, _NARROWEST = 40, 11

# A header is written before its rows: so many are looked at first for the columns that hold numbers.
_LOOKED_AT = 500
# In steps of about a digit's width: from the text of the next column, and from the button that filters.
_BESIDE_NUMBERS, _BESIDE_BUTTON = 1, 2


def workbook_chunks[R](table: Table[R]) -> Iterator[bytes]:
    """Yield a workbook. It is written to the disk first, as its last part says where the others are."""
    with TemporaryDirectory(prefix="portico-") as folder:
        path = Path(folder) / "table.xlsx"
        with translation.override(table.language):
            _write(path, folder, table)
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece


def _write[R](path: Path, folder: str, table: Table[R]) -> None:
    with Workbook(str(path), {"constant_memory": True, "tmpdir": folder}) as book:
        rows = (list(table.cells(row)) for row in table.rows)
        first = list(islice(rows, _LOOKED_AT))
        numbers = {column for row in first for column, cell in enumerate(row) if isinstance(cell, Amount | int)}
        _Sheets(book, table, numbers).write(chain(first, rows))


class _Sheets:
    """Writes rows to a workbook, on as many sheets as they need."""

    def __init__(self, book: Workbook, table: Table[Any], numbers: set[int]) -> None:
        self._book = book
        self._numbers = numbers
        self._title = _NOT_IN_NAMES.sub(" ", table.title).strip("' ") or "Portico"
        self._header = [str(text) for text in table.header()]
        self._rtl = formatter(table.language).direction == "rtl"
        # Else a spreadsheet puts a name to the side that its own script begins on, into the next column.
        start = {"align": "right" if self._rtl else "left"}
        bold = {"bold": True, "bottom": 1}
        self._bold = book.add_format(bold | start)
        self._text = book.add_format(start)
        self._bold_number = book.add_format(bold | {"align": "right", "indent": _BESIDE_BUTTON})
        self._whole = book.add_format({"align": "right", "indent": _BESIDE_NUMBERS})
        self._day = book.add_format({"num_format": _SHORT_DATE} | start)
        self._amounts: dict[int, Any] = {}
        self._count = 0
        self._row = 0
        self._sheet = self._next()

    def write(self, rows: Iterable[Iterable[Cell]]) -> None:
        for row in rows:
            if self._row == _ROWS_PER_SHEET:
                self._finish()
                self._sheet = self._next()
            for column, cell in enumerate(row):
                self._cell(column, cell)
            self._row += 1
        self._finish()

    def _next(self) -> Worksheet:
        self._count += 1
        mark = f" {self._count}" if self._count > 1 else ""
        sheet = self._book.add_worksheet(self._title[: _LONGEST_NAME - len(mark)] + mark)
        sheet.freeze_panes(1, 0)
        if self._rtl:
            sheet.right_to_left()
        # The header's cells have a button that filters.
        self._widths = [len(text) + 4 for text in self._header]
        for column, text in enumerate(self._header):
            sheet.write_string(0, column, text, self._bold_number if column in self._numbers else self._bold)
        # Printed, it is as wide as the paper, and says on every page what the columns are and which page of which list
        # it is.
        sheet.set_footer("&L&A&R&P / &N")
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        self._row = 1
        return sheet

    def _finish(self) -> None:
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, min(_WIDEST, max(_NARROWEST, width)))
        self._sheet.autofilter(0, 0, max(1, self._row - 1), len(self._header) - 1)

    def _cell(self, column: int, cell: Cell) -> None:
        if isinstance(cell, Amount):
            self._sheet.write_number(self._row, column, Decimal(cell), self._amount(cell))
            # A number that is wider than its column shows as ###: each three digits have a separator.
            self._widen(column, len(cell) + len(cell.partition(".")[0]) // 3 + _BESIDE_NUMBERS)
        elif isinstance(cell, date):
            self._sheet.write_datetime(self._row, column, cell, self._day)
        elif isinstance(cell, int):
            self._sheet.write_number(self._row, column, cell, self._whole)
        elif cell:
            # As a string whatever it looks like: nothing that somebody typed is ever a formula, a link or a number.
            self._sheet.write_string(self._row, column, cell[:_LONGEST_TEXT], self._text)
            self._widen(column, len(cell))

    def _widen(self, column: int, characters: int) -> None:
        self._widths[column] = max(self._widths[column], characters + 1)

    def _amount(self, cell: Amount) -> Any:
        digits = len(cell.partition(".")[2])
        if digits not in self._amounts:
            pattern = "#,##0" + ("." + "0" * digits if digits else "")
            form = {"num_format": pattern, "align": "right", "indent": _BESIDE_NUMBERS}
            self._amounts[digits] = self._book.add_format(form)
        return self._amounts[digits]
