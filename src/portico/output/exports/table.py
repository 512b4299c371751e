"""A table as a file: CSV as programs read it, CSV as spreadsheets of a language read it, and a workbook (.xlsx).

Cells are told apart by their type, never by their content: text, of which nothing may ever start a formula; days; and
numbers, which we have written ourselves and which stay numbers. All of it is made while it is sent, or, a workbook, in
a file beside; memory does not grow with the rows.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from io import StringIO
from itertools import islice
from typing import Self

from django.utils import translation

from portico.lib.l10n import formatter
from portico.lib.money import exponent

_ROWS_PER_CHUNK = 1000

# What starts a formula in Excel, LibreOffice or Google Sheets, its full-width twins included: at the start of a cell,
# and after what splits cells where the list separator is not a comma. Blanks before it do not make it harmless.
_FORMULA = re.compile("(^|[;\t\r\n])(?=[\\s\ufeff\u200b]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r])")

# Most text by far starts with a letter or digit and holds nothing that splits cells: it needs no closer look.
_HARMLESS = re.compile("[^\\W_][^;\t\r\n]*")


class Amount(str):
    """Minor units as a plain decimal in major units: `-1234.50`. A number, so it is written as it is."""

    __slots__ = ()

    def __new__(cls, minor: int, currency: str) -> Self:
        digits = exponent(currency)
        units = str(abs(minor)).rjust(digits + 1, "0")
        text = f"{units[:-digits]}.{units[-digits:]}" if digits else units
        return super().__new__(cls, f"-{text}" if minor < 0 else text)


class Percent(Amount):
    """A rate in percent as a plain decimal: `8.1`. A number as well."""

    __slots__ = ()

    def __new__(cls, rate: Decimal) -> Self:
        return str.__new__(cls, f"{rate.normalize():f}")


type Cell = str | int | date | None


class Format(StrEnum):
    """How a table is written. `LOCAL` is CSV with the separators and dates of the reader's language."""

    CSV = "csv"
    LOCAL = "local"
    XLSX = "xlsx"

    @property
    def suffix(self) -> str:
        return ".xlsx" if self is Format.XLSX else ".csv"

    @property
    def media_type(self) -> str:
        return _XLSX if self is Format.XLSX else "text/csv"


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Table[R]:
    """What a file holds. `rows` may be a generator, which is read as the file is made; `title` names it in a workbook.

    `header` and `cells` run under the reader's language: the file is sent when the reader's page is long
    done.
    """

    title: str
    header: Callable[[], Iterable[str]]
    rows: Iterable[R]
    cells: Callable[[R], Iterable[Cell]]
    language: str


def csv_chunks[R](table: Table[R]) -> Iterator[bytes]:
    """Yield a table as RFC 4180 has it, in UTF-8 with a mark: plain decimals and days as ISO 8601.

    Excel takes UTF-8 for its own code page unless the file begins with the mark.
    """
    return _chunks(table, ",", _plain)


def local_csv_chunks[R](table: Table[R]) -> Iterator[bytes]:
    """Yield a table as the spreadsheets of its language open it: a semicolon where the comma is for decimals."""
    fmt = formatter(table.language)
    mark = fmt.decimal_mark

    def written(cell: Cell) -> str:
        if isinstance(cell, Amount):
            return cell.replace(".", mark)
        return fmt.numeric_date(cell) if isinstance(cell, date) else _plain(cell)

    return _chunks(table, separator(table.language), written)


def separator(language: str) -> str:
    """Return what parts the cells of a language's CSV."""
    return ";" if formatter(language).decimal_mark == "," else ","


def _chunks[R](table: Table[R], delimiter: str, written: Callable[[Cell], str]) -> Iterator[bytes]:
    remaining = iter(table.rows)

    def encoded(rows: Iterable[Iterable[Cell]]) -> bytes:
        out = StringIO(newline="")
        csv.writer(out, delimiter=delimiter).writerows([written(cell) for cell in row] for row in rows)
        return out.getvalue().encode()

    with translation.override(table.language):
        head = encoded([table.header()])
    yield b"\xef\xbb\xbf" + head
    while True:
        with translation.override(table.language):
            chunk = encoded(table.cells(row) for row in islice(remaining, _ROWS_PER_CHUNK))
        if not chunk:
            return
        yield chunk


def neutral(text: str) -> str:
    """Return text of which no spreadsheet makes a formula: a `'` stands before whatever would start one."""
    return text if _HARMLESS.fullmatch(text) else _FORMULA.sub(r"\1'", text)


def _plain(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell if isinstance(cell, Amount) else neutral(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)
