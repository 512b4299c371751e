"""A long sheet set part by part, run with `-m` in a process of its own: a part's memory goes when its process ends.

Parts end where a page ends, so nobody sees where they meet. Columns are as wide in one as in the other.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from portico.output.pdf.fonts import write_atomically
from portico.output.pdf.merge import MergedPdf
from portico.output.pdf.typeset import Job, typeset_apart

# 250 MB in Typst, and two seconds.
_ROWS_OF_A_PART = 2000
# As many of the longest texts of a column are measured as make it unlikely that a shorter one is wider.
_MEASURED = 12
_NICE = 10


@dataclass(frozen=True, slots=True)
class _Run:
    """A table with what stands above it and below it. Values are as the templates take them."""

    head: dict[str, Any] | None
    heading: str
    table: dict[str, Any]
    tail: dict[str, Any]


def render_long(
    fonts: Path, job: Job, target: Path, tell: Callable[[int], None], rows_of_a_part: int = _ROWS_OF_A_PART
) -> None:
    """Set the job of a statement or list and write it to `target`; `tell` is given the number of rows done."""
    sheet, merged, done = json.loads(job.data), MergedPdf(), 0
    for run in _runs(sheet):
        rows, first = run.table["rows"], 0
        widest = _widest(rows)
        # A table without rows has its part as well: it says so.
        while True:
            last = min(len(rows), first + rows_of_a_part)
            part = {
                "frame": sheet["frame"],
                "head": run.head if first == 0 else None,
                "heading": run.heading if first == 0 else "",
                "table": run.table | {"rows": rows[first:last]},
                "widest": widest,
                "tail": run.tail if last == len(rows) else None,
            }
            content = typeset_apart(fonts, Job("long.typ", json.dumps(part), job.day, follows=merged.pages > 0))
            done -= first
            first = last - merged.add(content, goes_on=last < len(rows))
            done += first
            tell(done)
            if last == len(rows):
                break
    feet = json.dumps({"frame": sheet["frame"], "pages": merged.pages})
    merged.save(target, typeset_apart(fonts, Job("feet.typ", feet, job.day, follows=True)))


def _runs(sheet: dict[str, Any]) -> Iterator[_Run]:
    """Yield the tables of a statement or list."""
    head = {"headline": None, "parties": [], **{name: sheet[name] for name in _HEAD if name in sheet}}
    if "table" in sheet:
        yield _Run(head, "", sheet["table"], {"ageing": None, "totals": sheet["totals"], "notes": []})
        return
    for number, section in enumerate(sheet["sections"], start=1):
        notes = sheet["notes"] if number == len(sheet["sections"]) else []
        tail = {"ageing": section["ageing"], "totals": [], "notes": notes}
        yield _Run(head if number == 1 else None, section["heading"], section["entries"], tail)


_HEAD = ("subtitle", "headline", "parties", "facts")


def _widest(rows: list[dict[str, Any]]) -> list[dict[str, list[str]]]:
    """Return, for each column, the longest of its plain texts and of its strong ones."""
    if not rows:
        return []
    plain, strong = ([row["cells"] for row in rows if row["strong"] is how] for how in (False, True))
    columns = range(len(rows[0]["cells"]))
    return [{"plain": _longest(plain, column), "strong": _longest(strong, column)} for column in columns]


def _longest(rows: list[list[str]], column: int) -> list[str]:
    return sorted({row[column] for row in rows}, key=lambda text: (len(text), text))[-_MEASURED:]


def main(fonts: str, order: str, target: str) -> None:
    """Make the PDF that the file `order` describes, and say in a file beside `target` how far it is."""
    os.nice(_NICE)
    parent, file = os.getppid(), Path(target)
    template, day, data = json.loads(Path(order).read_text())
    Path(order).unlink()

    def tell(done: int) -> None:
        if os.getppid() != parent:
            # The server has stopped: nobody waits any more.
            sys.exit(1)
        write_atomically(file.with_suffix(".progress"), str(done).encode())

    finished = file.with_suffix(".finished")
    render_long(Path(fonts), Job(template, data, date.fromisoformat(day)), finished, tell)
    finished.replace(file)
    file.with_suffix(".progress").unlink()


if __name__ == "__main__":
    main(*sys.argv[1:])
