"""The parts of one long PDF put together: pages, tags, headings and feet.

Every part is a tagged PDF of our own templates. A screen reader, and a program that checks the file, finds one document
with a table for each part. Memory goes by tags, some 10 kB for a row, so cells keep only what they are read by.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

_PAGES = re.compile(rb"(?<=<xmpTPg:NPages>)\d+(?=<)")


class MergedPdf:
    """A long PDF that grows by one part after the other, and is then saved with its feet."""

    def __init__(self) -> None:
        self._pdf: pikepdf.Pdf | None = None
        self._parts = 0
        self._headers: dict[str, Any] = {}
        self._parents: list[Any] = []
        self._outline: list[tuple[str, int]] = []

    def add(self, content: bytes, *, goes_on: bool) -> int:
        """Add a part.

        The last page of one that `goes_on` is full only by chance: it is left out, unless it is the only one. Returns
        how many rows stood there and have to begin the next part.
        """
        part = pikepdf.open(io.BytesIO(content))
        self._parts += 1
        left = _without_last_page(part) if goes_on and len(part.pages) > 1 else 0
        headers = _distinct_headers(part, f"{self._parts}.")
        first = len(self._pdf.pages) if self._pdf else 0
        self._outline += _headings(part, first)
        into = self._pdf = self._pdf or part
        if part is not into:
            into.pages.extend(part.pages)
            _take_tags(into, part)
        self._headers |= {name: into.copy_foreign(header) if part is not into else header for name, header in headers}
        for page, parents in zip(into.pages[first:], _page_parents(part), strict=True):
            page.obj.StructParents = len(self._parents)
            self._parents.append(into.copy_foreign(part.make_indirect(parents)) if part is not into else parents)
        return left

    @property
    def pages(self) -> int:
        """How many pages there are so far."""
        return len(self._pdf.pages) if self._pdf else 0

    def save(self, target: Path, feet: bytes) -> None:
        """Write the file; `feet` is a PDF with as many pages, which has only what stands at their feet."""
        assert self._pdf is not None
        pdf, root = self._pdf, self._pdf.Root
        for page, foot in zip(pdf.pages, pikepdf.open(io.BytesIO(feet)).pages, strict=True):
            page.add_overlay(foot, None)
        tags = root.StructTreeRoot
        nums = [item for key, parents in enumerate(self._parents) for item in (key, parents)]
        tags.ParentTree = pdf.make_indirect(pikepdf.Dictionary(Nums=nums))
        tags.ParentTreeNextKey = len(self._parents)
        names = [item for name in sorted(self._headers) for item in (pikepdf.String(name), self._headers[name])]
        tags.IDTree = pdf.make_indirect(pikepdf.Dictionary(Names=names))
        root.Metadata.write(_PAGES.sub(str(len(pdf.pages)).encode(), root.Metadata.read_bytes()))
        with pdf.open_outline() as outline:
            outline.root[:] = [pikepdf.OutlineItem(title, page) for title, page in self._outline]
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)


def _without_last_page(part: pikepdf.Pdf) -> int:
    """Take the last page out of a part whose table is the last thing in it; returns how many rows went with it."""
    last = part.pages[-1].obj.objgen
    table = next(tag for tag in _tags(_document(part)) if tag.S == "/Table")
    rows = table.K[-1].K
    left = 0
    while left < len(rows) and _page_of(rows[-1 - left]) == last:
        left += 1
    del rows[-left:]
    del part.pages[-1]
    return left


def _page_of(row: Any) -> Any:
    return next(cell.Pg.objgen for cell in row.K if "/Pg" in cell)


def _document(pdf: pikepdf.Pdf) -> Any:
    top = pdf.Root.StructTreeRoot.K
    return top[0] if isinstance(top, pikepdf.Array) else top


def _tags(tag: Any) -> Iterator[Any]:
    """Yield a tag and those below it, as they are read."""
    yield tag
    for child in tag.get("/K", []):
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield from _tags(child)


def _distinct_headers(part: pikepdf.Pdf, prefix: str) -> list[tuple[str, Any]]:
    """Prefix the names of a part's column headers, and return the headers by their names.

    A cell need not say its headers: they are headers of columns and say so.
    """
    headers = []
    for tag in _tags(_document(part)):
        if tag.S == "/TD":
            del tag.A
            del tag.Type
        elif "/ID" in tag:
            tag.ID = pikepdf.String(prefix + str(tag.ID))
            headers.append((str(tag.ID), tag))
    return headers


def _page_parents(part: pikepdf.Pdf) -> list[Any]:
    """Return, for every page of a part, the array of the tags its content belongs to."""
    nums = part.Root.StructTreeRoot.ParentTree.Nums
    by_key = {int(nums[index]): nums[index + 1] for index in range(0, len(nums), 2)}
    return [by_key[int(page.obj.StructParents)] for page in part.pages]


def _take_tags(into: pikepdf.Pdf, part: pikepdf.Pdf) -> None:
    """Append a part's tags to the document's; its pages are there already, or the tags would point nowhere."""
    source, target = _document(part), _document(into)
    del source.P
    for tag in into.copy_foreign(source).K:
        tag.P = target
        target.K.append(tag)


def _headings(part: pikepdf.Pdf, first: int) -> list[tuple[str, int]]:
    """Return a part's headings and the pages they stand on, `first` being the number of its own first page."""
    numbers = {page.obj.objgen: number for number, page in enumerate(part.pages, start=first)}
    return [
        (str(tag.T), numbers[tag.Pg.objgen])
        for tag in _tags(_document(part))
        if str(tag.S) in {"/H1", "/H2"} and "/T" in tag
    ]
