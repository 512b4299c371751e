"""Long lists and statements as PDF: made beside the server while the person who asked sees how far it is.

Typst needs about a second and 100 MB for a thousand rows. So a long PDF is made by a process of its own, one at a time
on a machine, and waits in the folder of kept PDFs for the person who asked. No request waits for it:
docs/decisions/0013 says why.
"""

import fcntl
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

from portico.output.pdf import cache
from portico.output.pdf.errors import TooLong
from portico.output.pdf.render import ROWS_AT_ONCE, build, renderer
from portico.output.pdf.sheets import ListSheet, StatementSheet

# Twice the statement that we measure: a minute, 550 MB for as long as it takes, 1,200 pages.
MOST_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class PdfProgress:
    """A PDF that is not there yet: `done` of its `rows` are set.

    It is `waiting` while another one is made, and `failed` when the last try came to nothing; asking again tries again.
    """

    rows: int
    done: int = 0
    waiting: bool = False
    failed: bool = False


type PdfOrProgress = bytes | PdfProgress


def long_pdf_of(facts: object, rows: int, sheet: Callable[[], StatementSheet | ListSheet]) -> PdfOrProgress:
    """Return a list or statement of so many rows as PDF, or how far it is.

    `facts` are what the sheet follows from: a long PDF is known by them, as its sheet takes seconds to put together.
    Raises TooLong for more than `MOST_ROWS`.
    """
    if rows <= ROWS_AT_ONCE:
        return cache.pdf(sheet())
    if rows > MOST_ROWS:
        raise TooLong(rows, MOST_ROWS)
    return _long(cache.path_of(sha256(repr((build(), facts)).encode()).hexdigest()), rows, sheet)


def _long(file: Path, rows: int, sheet: Callable[[], StatementSheet | ListSheet]) -> PdfOrProgress:
    if file.exists():
        return file.read_bytes()
    file.parent.mkdir(parents=True, exist_ok=True)
    progress = file.with_suffix(".progress")
    with (cache.folder() / "making.lock").open("w") as turn:
        if not _taken(turn):
            return PdfProgress(rows, _done(progress), waiting=not progress.exists())
        if file.exists():
            # It was finished just now.
            return file.read_bytes()
        if progress.exists():
            # Nobody is at it any more: it was not finished.
            progress.unlink()
            return PdfProgress(rows, failed=True)
        _start(file, sheet(), turn)
    return PdfProgress(rows)


def _taken(turn: IO[str]) -> bool:
    """Take the turn to make a PDF, unless somebody has it: until the last process that holds `turn` open has ended."""
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _start(file: Path, sheet: StatementSheet | ListSheet, turn: IO[str]) -> None:
    job = renderer(cache.fonts_folder()).job(sheet)
    order = file.with_suffix(".order")
    order.write_text(json.dumps([job.template, job.day.isoformat(), job.data]))
    file.with_suffix(".progress").write_text("0")
    process = subprocess.Popen(
        [sys.executable, "-m", "portico.output.pdf.worker", str(cache.fonts_folder()), str(order), str(file)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=[turn.fileno()],
    )
    # Somebody has to take note of its end.
    threading.Thread(target=process.wait, name="long-pdf", daemon=True).start()


def _done(progress: Path) -> int:
    try:
        return int(progress.read_text())
    except FileNotFoundError:
        return 0
