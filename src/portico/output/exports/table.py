"""CSV as programs and spreadsheets both read it: RFC 4180, UTF-8 with a mark, streamed.

Excel takes UTF-8 for its own code page unless the file begins with the mark. Amounts are plain decimals in major units
(`-1234.50`), dates are ISO 8601. Cells are of two sorts, and the sort is told by their type, never by their content:
text, of which nothing may ever start a formula, and numbers, which we have written ourselves and which stay numbers.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from io import StringIO
from itertools import islice
from typing import Self

from django.utils import translation

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


type Cell = str | date | None


def table[R](
    header: Callable[[], Iterable[Cell]], rows: Iterable[R], cells: Callable[[R], Iterable[Cell]], language: str
) -> Iterator[bytes]:
    """Yield a table in chunks of UTF-8. `header`, `rows` and `cells` run under the reader's language.

    It is set for each chunk anew: whoever sends the chunks has left the reader's page long ago.
    """
    remaining = iter(rows)
    with translation.override(language):
        head = _written([header()])
    yield b"\xef\xbb\xbf" + head
    while True:
        with translation.override(language):
            chunk = _written(cells(row) for row in islice(remaining, _ROWS_PER_CHUNK))
        if not chunk:
            return
        yield chunk


def neutral(text: str) -> str:
    """Return text of which no spreadsheet makes a formula: a `'` stands before whatever would start one."""
    return text if _HARMLESS.fullmatch(text) else _FORMULA.sub(r"\1'", text)


def _written(rows: Iterable[Iterable[Cell]]) -> bytes:
    out = StringIO(newline="")
    csv.writer(out).writerows([_plain(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def _plain(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell if isinstance(cell, Amount) else neutral(cell)
    return "" if cell is None else cell.isoformat()
