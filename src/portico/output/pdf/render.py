"""Sheets to PDF: short ones here, long ones in a process of their own."""

import json
import threading
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst

from portico.output.pdf import fonts
from portico.output.pdf.errors import TooLong
from portico.output.pdf.sheets import DocumentSheet, Frame, ListSheet, ReceiptSheet, Sheet, StatementSheet
from portico.output.pdf.text import Cleaner
from portico.output.pdf.typeset import TEMPLATES, Job, compiler, first_page, typeset, typeset_apart

# Also the most lines a document has, so every document can be printed.
MOST_ROWS = 10_000

_TEMPLATE_OF: dict[type[Sheet], str] = {
    DocumentSheet: "document.typ",
    ReceiptSheet: "receipt.typ",
    StatementSheet: "statement.typ",
    ListSheet: "list.typ",
}
# Longer sheets are set apart: a document while its reader waits, lists and statements by `portico.output.pdf.queue`.
ROWS_AT_ONCE = 400
_IDLE_COMPILERS = 4


class Renderer:
    """Renders sheets with fonts unpacked below `directory`. Safe to share between threads.

    A Typst compiler serves one thread at a time, so idle ones wait in a small pool and keep what they have learnt.
    """

    def __init__(self, directory: Path) -> None:
        self.fonts = fonts.load(directory)
        self._directory = directory
        self._idle: list[typst.Compiler] = []
        self._lock = threading.Lock()
        self._one_long_sheet = threading.Lock()

    def render(self, sheet: Sheet) -> bytes:
        """Return the sheet as a tagged PDF (PDF/A-3a and PDF/UA-1). Equal sheets give equal bytes.

        Raises TooLong for more than `MOST_ROWS` rows.
        """
        rows = _rows(sheet)
        if rows > MOST_ROWS:
            raise TooLong(rows, MOST_ROWS)
        job = self.job(sheet)
        if rows > ROWS_AT_ONCE:
            with self._one_long_sheet:
                return typeset_apart(self._directory, job)
        return self._typeset(job)

    def job(self, sheet: Sheet) -> Job:
        """Return the sheet as Typst gets it."""
        return Job(_TEMPLATE_OF[type(sheet)], self._as_json(sheet), sheet.frame.day)

    def picture(self, sheet: Sheet) -> bytes:
        """Return the first page of a short sheet as PNG."""
        return self._typeset(self.job(sheet), first_page)

    def _typeset(self, job: Job, with_compiler: Callable[[typst.Compiler, Job], bytes] = typeset) -> bytes:
        with self._lock:
            borrowed = self._idle.pop() if self._idle else compiler(self.fonts.fonts)
        made = with_compiler(borrowed, job)
        with self._lock:
            if len(self._idle) < _IDLE_COMPILERS:
                self._idle.append(borrowed)
        return made

    def _as_json(self, sheet: Sheet) -> str:
        clean = Cleaner(self.fonts.coverage, sheet.frame.direction)
        data = _plain(sheet, clean)
        data["frame"] |= self._frame(sheet.frame, clean)
        chosen = [sheet.frame.typeface] if sheet.frame.typeface else []
        text = json.dumps(data, ensure_ascii=False)
        data["frame"]["fonts"] = [*chosen, *fonts.families(sheet.frame.language, text)]
        return json.dumps(data, ensure_ascii=False)

    @staticmethod
    def _frame(frame: Frame, clean: Cleaner) -> dict[str, str]:
        """Return what steers the page instead of being shown on it, and the file's own title and author."""
        return {
            "language": frame.language,
            "direction": frame.direction,
            "accent": frame.accent,
            "logo": frame.logo,
            "paper": frame.paper,
            "file_title": clean.characters(frame.title),
            "file_author": clean.characters(frame.business),
        }


@lru_cache(maxsize=2)
def renderer(directory: Path) -> Renderer:
    """Return this process's renderer for a font directory."""
    return Renderer(directory)


def checksum(sheet: Sheet) -> str:
    """Return what the bytes of `sheet` depend on, in one hexadecimal word: its data, our templates, fonts and Typst."""
    digest = sha256(build().encode())
    digest.update(type(sheet).__name__.encode())
    digest.update(json.dumps(_plain(sheet, str), ensure_ascii=False).encode(errors="surrogatepass"))
    return digest.hexdigest()


@lru_cache(maxsize=1)
def build() -> str:
    """Return what every PDF depends on besides its data, as one word."""
    sources = [*sorted(TEMPLATES.glob("*.typ")), *sorted(Path(__file__).parent.glob("*.py"))]
    code = sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    return f"{code} {version('typst')} {fonts.FINGERPRINT}"


def _rows(sheet: Sheet) -> int:
    match sheet:
        case DocumentSheet():
            return len(sheet.lines.rows)
        case ReceiptSheet():
            return len(sheet.applied.rows)
        case StatementSheet():
            return sum(len(section.entries.rows) for section in sheet.sections)
        case ListSheet():
            return len(sheet.table.rows)


def _plain(value: Any, clean: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple):
        return [_plain(item, clean) for item in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name), clean) for field in fields(value)}
    return value.isoformat() if isinstance(value, date) else value
