"""The business's own PDF of a document on a page: pictures of its first pages, drawn when they are first asked for.

Browsers of phones show no PDF inside a page, and the security policy lets none of them try. Pictures are made by
`portico.output.pdf.draw_pages`, one PDF at a time on a machine, and kept in the folder of kept PDFs.
"""

import fcntl
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from portico.domain.files.models import File
from portico.lib.faults import Unavailable
from portico.output.pdf import cache
from portico.output.pdf.render import build

# It takes about a second; readers wait no longer than this, and then get the page without.
_LONGEST_SECONDS = 20
_TURN_SECONDS = 5
_IN_THIS_PROCESS = threading.Lock()


class NotYet(Exception):
    """The pages are not drawn yet, as the machine is too busy or the PDF can't be read now."""


@dataclass(frozen=True, slots=True)
class PagePictures:
    """The pictures of a PDF's first pages: width and height of each; `count` is how many pages the PDF has."""

    count: int
    sizes: tuple[tuple[int, int], ...]


NONE = PagePictures(0, ())


def page_pictures(file: File) -> PagePictures:
    """Return the pictures that there are of a stored PDF: `NONE` of one that can't be drawn. Raises NotYet."""
    with ZipFile(_drawn(file)) as pictures:
        if not pictures.comment:
            return NONE
        facts: dict[str, Any] = json.loads(pictures.comment)
    return PagePictures(facts["count"], tuple((width, height) for width, height in facts["sizes"]))


def page_picture(file: File, number: str) -> bytes | None:
    """Return one of them as WebP, counted from 1, or None where there is no such. Raises NotYet."""
    with ZipFile(_drawn(file)) as pictures:
        name = f"{number}.webp"
        return pictures.read(name) if name in pictures.namelist() else None


def _drawn(file: File) -> Path:
    """Return the ZIP of a PDF's pictures, which is empty where it can't be drawn. Raises NotYet."""
    # By its content: who has a PDF has its pictures, whatever document it belongs to.
    kept = cache.path_of(sha256(f"{build()} pages {file.sha256}".encode()).hexdigest()).with_suffix(".zip")
    if not kept.exists():
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            with _turn():
                if not kept.exists():
                    _draw(file, kept)
        # Neither a storage that is away nor a full disk takes the page along. Out of time is who did not get the
        # seconds of work that the drawing's own bound allows: it may get them the next time.
        except (OSError, Unavailable, subprocess.TimeoutExpired) as error:
            raise NotYet from error
    return kept


@contextmanager
def _turn() -> Iterator[None]:
    """Take the turn to draw on this machine. Raises NotYet or OSError when others are at it for too long."""
    if not _IN_THIS_PROCESS.acquire(timeout=_TURN_SECONDS):
        raise NotYet
    try:
        with (cache.folder() / "drawing.lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
    finally:
        _IN_THIS_PROCESS.release()


def _draw(file: File, kept: Path) -> None:
    with tempfile.TemporaryDirectory(dir=cache.folder(), prefix="drawing-") as scratch:
        source, target = Path(scratch, "own.pdf"), Path(scratch, "pages.zip")
        with file.open() as content, source.open("wb") as copy:
            shutil.copyfileobj(content, copy)
        done = subprocess.run(
            [sys.executable, "-I", "-m", "portico.output.pdf.draw_pages", str(source), str(target)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_LONGEST_SECONDS,
            env={},
            check=False,
        )
        if -done.returncode in (signal.SIGINT, signal.SIGTERM):
            # The server is stopped: that says nothing of the PDF.
            raise NotYet
        if done.returncode != 0:
            # It is tried again when the folder has been swept of it.
            with ZipFile(target, "w"):
                pass
        target.replace(kept)
