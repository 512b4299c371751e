"""Files in one ZIP that is written while it is sent: no more than one of them is in memory at a time.

What is given as something to read is read piece by piece, and closed.
"""

import io
from collections.abc import Buffer, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

# ZIP counts years from then on.
_FIRST_DAY = date(1980, 1, 1)
# PDFs are compressed already; the fonts in them give way a little.
_LEVEL = 1
_PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """A file in a ZIP, with the day its name is listed under."""

    name: str
    day: date
    content: bytes | IO[bytes]


def zip_stream(files: Iterable[ZipEntry]) -> Iterator[bytes]:
    """Yield a ZIP of files, each as soon as it is taken from `files`. A name that is there already gets a number."""
    out, names = _Buffer(), set[str]()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for file in files:
            day = max(file.day, _FIRST_DAY)
            info = ZipInfo(_distinct(file.name, names), (day.year, day.month, day.day, 0, 0, 0))
            info.compress_type = ZIP_DEFLATED
            if isinstance(file.content, bytes):
                archive.writestr(info, file.content)
            else:
                with file.content as content, archive.open(info, "w") as entry:
                    while piece := content.read(_PIECE):
                        entry.write(piece)
                        yield out.taken()
            yield out.taken()
    yield out.taken()


def _distinct(name: str, names: set[str]) -> str:
    """Return `name`, or `name-2.pdf` and so on when it is among `names`; many take `A.pdf` for `a.pdf`."""
    stem, dot, ending = name.rpartition(".")
    number, free = 1, name
    while free.lower() in names:
        number += 1
        free = f"{stem}-{number}{dot}{ending}"
    names.add(free.lower())
    return free


class _Buffer(io.RawIOBase):
    """What the archive has written and nobody has taken yet. It can't be sought in, as what is sent is gone."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Buffer) -> int:
        content = bytes(piece)
        self._pieces.append(content)
        return len(content)

    def taken(self) -> bytes:
        content = b"".join(self._pieces)
        self._pieces.clear()
        return content
