"""Rendered PDFs kept by the checksum of their input: unchanged input is not rendered again.

Files live in `<PORTICO_HOME>/cache/pdf/ab/abcdef….pdf`. Losing the folder costs time and nothing else.
"""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from portico.output.pdf.fonts import write_atomically
from portico.output.pdf.render import checksum, renderer
from portico.output.pdf.sheets import Sheet

KEPT_FOR = timedelta(days=30)
KEPT_BYTES = 512 * 1024 * 1024


def pdf(sheet: Sheet) -> bytes:
    """Return the sheet as PDF, from the folder when its input is unchanged."""
    file = path_of(checksum(sheet))
    try:
        return file.read_bytes()
    except FileNotFoundError:
        content = renderer(fonts_folder()).render(sheet)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, content)
    return content


def path_of(name: str) -> Path:
    """Return where the PDF of this name is kept, if it is."""
    return folder() / name[:2] / f"{name}.pdf"


def folder() -> Path:
    """Return the folder that PDFs are kept in."""
    return Path(settings.PORTICO_HOME) / "cache" / "pdf"


def fonts_folder() -> Path:
    """Return the folder that fonts are unpacked in."""
    return Path(settings.PORTICO_HOME) / "cache" / "fonts"


def sweep(now: datetime, kept_for: timedelta = KEPT_FOR, kept_bytes: int = KEPT_BYTES) -> int:
    """Remove files made more than `kept_for` before `now`, then the oldest until `kept_bytes` are left.

    Returns how many files went. Safe beside rendering: a file that is gone is rendered again.
    """
    oldest_first = sorted((stat.st_mtime, stat.st_size, file) for file, stat in _files())
    size = sum(length for _, length, _ in oldest_first)
    removed = 0
    for made, length, file in oldest_first:
        if made >= (now - kept_for).timestamp() and size <= kept_bytes:
            break
        file.unlink(missing_ok=True)
        size -= length
        removed += 1
    return removed


def _files() -> Iterator[tuple[Path, os.stat_result]]:
    for file in folder().glob("*/*"):
        try:
            yield file, file.stat()
        except FileNotFoundError:
            continue
