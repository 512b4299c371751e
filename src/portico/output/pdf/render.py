"""Sheets to PDF with Typst, in this process.

Typst runs over our templates only: its root is their folder, it has no packages and no network, and a sheet reaches it
as one JSON string that the template reads as data.
"""

import json
import threading
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst

from portico.output.pdf import fonts
from portico.output.pdf.sheets import DocumentSheet, Frame, ListSheet, ReceiptSheet, Sheet, StatementSheet
from portico.output.pdf.text import Cleaner

_TEMPLATES = Path(__file__).parent / "templates"
_TEMPLATE_OF: dict[type[Sheet], str] = {
    DocumentSheet: "document.typ",
    ReceiptSheet: "receipt.typ",
    StatementSheet: "statement.typ",
    ListSheet: "list.typ",
}

# Archivable and accessible: PDF/A-3 carries an e-invoice later, PDF/UA reads well aloud.
_STANDARDS: "list[typst.PDFStandard]" = ["a-3a", "ua-1"]

_IDLE_COMPILERS = 4


class Renderer:
    """Renders sheets with fonts unpacked below `directory`. Safe to share between threads.

    A Typst compiler serves one thread at a time, so idle ones wait in a small pool and keep what they have learnt.
    """

    def __init__(self, directory: Path) -> None:
        self.fonts = fonts.load(directory)
        self._idle: list[typst.Compiler] = []
        self._lock = threading.Lock()

    def render(self, sheet: Sheet) -> bytes:
        """Return the sheet as a tagged PDF (PDF/A-3a and PDF/UA-1). Equal sheets give equal bytes."""
        compiler = self._borrow()
        pdf = compiler.compile(
            input=str(_TEMPLATES / _TEMPLATE_OF[type(sheet)]),
            format="pdf",
            sys_inputs={"sheet": self._as_json(sheet)},
            pdf_standards=_STANDARDS,
            timestamp=datetime.combine(sheet.frame.day, datetime.min.time(), UTC),
        )
        with self._lock:
            if len(self._idle) < _IDLE_COMPILERS:
                self._idle.append(compiler)
        assert isinstance(pdf, bytes)
        return pdf

    def _borrow(self) -> typst.Compiler:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return typst.Compiler(root=str(_TEMPLATES), font_paths=self.fonts.fonts, ignore_system_fonts=True)

    def _as_json(self, sheet: Sheet) -> str:
        clean = Cleaner(self.fonts.coverage, sheet.frame.direction)
        data = _plain(sheet, clean)
        data["frame"] |= self._frame(sheet.frame, clean)
        data["frame"]["fonts"] = fonts.families(sheet.frame.language, json.dumps(data, ensure_ascii=False))
        return json.dumps(data, ensure_ascii=False)

    @staticmethod
    def _frame(frame: Frame, clean: Cleaner) -> dict[str, str]:
        """Return what steers the page instead of being shown on it, and the file's own title and author."""
        return {
            "language": frame.language,
            "direction": frame.direction,
            "accent": frame.accent,
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
    digest = sha256(_build().encode())
    digest.update(type(sheet).__name__.encode())
    digest.update(json.dumps(_plain(sheet, str), ensure_ascii=False).encode(errors="surrogatepass"))
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _build() -> str:
    sources = [*sorted(_TEMPLATES.glob("*.typ")), *sorted(Path(__file__).parent.glob("*.py"))]
    code = sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    return f"{code} {version('typst')} {fonts.FINGERPRINT}"


def _plain(value: Any, clean: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple):
        return [_plain(item, clean) for item in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name), clean) for field in fields(value)}
    return value.isoformat() if isinstance(value, date) else value
