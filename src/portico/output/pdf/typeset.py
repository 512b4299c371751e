"""Typst itself, over our templates only: its root is their folder, it has no packages and no network.

What it prints reaches it as one JSON string that the template reads as data. It remembers what it laid out, which makes
it fast and never gives the memory back: about 100 kB for each row of a table. So long sheets are set by a process of
their own, which is this module run with `-m`.
"""

import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import typst

from portico.output.pdf import fonts
from portico.output.pdf.compress import compressed

TEMPLATES = Path(__file__).parent / "templates"

# Archivable and accessible: PDF/A-3 carries an e-invoice later, PDF/UA reads well aloud.
_STANDARDS: "list[typst.PDFStandard]" = ["a-3a", "ua-1"]
# A part that follows another has tags all the same, but no title of its own, which PDF/UA asks of a document.
_STANDARDS_OF_PARTS: "list[typst.PDFStandard]" = ["a-3a"]

# Ten thousand rows take ten seconds; what takes ten minutes is stuck.
_LONGEST_SECONDS = 600

_DOTS_PER_INCH = 144


@dataclass(frozen=True, slots=True)
class Job:
    """A template's file name, its data as JSON, and the day the PDF says it was made; `follows` another part of it."""

    template: str
    data: str
    day: date
    follows: bool = False


def compiler(loaded: typst.Fonts) -> typst.Compiler:
    """Return a compiler for our templates. It serves one thread at a time and is worth keeping."""
    return typst.Compiler(root=str(TEMPLATES), font_paths=loaded, ignore_system_fonts=True)


def typeset(with_compiler: typst.Compiler, job: Job) -> bytes:
    """Return the job as PDF. Equal jobs give equal bytes."""
    pdf = with_compiler.compile(
        input=str(TEMPLATES / job.template),
        format="pdf",
        sys_inputs={"sheet": job.data},
        pdf_standards=_STANDARDS_OF_PARTS if job.follows else _STANDARDS,
        timestamp=datetime.combine(job.day, datetime.min.time(), UTC),
    )
    assert isinstance(pdf, bytes)
    return compressed(pdf)


def first_page(with_compiler: typst.Compiler, job: Job) -> bytes:
    """Return the first page of the job as PNG, sharp on a screen."""
    pages = with_compiler.compile(
        input=str(TEMPLATES / job.template),
        format="png",
        ppi=_DOTS_PER_INCH,
        sys_inputs={"sheet": job.data},
        timestamp=datetime.combine(job.day, datetime.min.time(), UTC),
    )
    page = pages[0] if isinstance(pages, list) else pages
    assert isinstance(page, bytes)
    return page


def typeset_apart(directory: Path, job: Job) -> bytes:
    """Return the job as PDF, set by a process of its own with the fonts unpacked below `directory`."""
    words = [str(directory), job.template, job.day.isoformat(), *(["follows"] if job.follows else [])]
    done = subprocess.run(
        [sys.executable, "-m", "portico.output.pdf.typeset", *words],
        input=job.data.encode(),
        stdout=subprocess.PIPE,
        timeout=_LONGEST_SECONDS,
        check=True,
    )
    return done.stdout


def main(directory: str, template: str, day: str, *follows: str) -> None:
    """Set the data on standard input and write the PDF to standard output."""
    job = Job(template, sys.stdin.buffer.read().decode(), date.fromisoformat(day), follows=bool(follows))
    sys.stdout.buffer.write(typeset(compiler(fonts.load(Path(directory)).fonts), job))


if __name__ == "__main__":
    main(*sys.argv[1:])
