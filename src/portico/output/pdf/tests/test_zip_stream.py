"""A ZIP that is written while it is sent is a ZIP like any other."""

import io
from collections.abc import Iterator
from datetime import date
from zipfile import ZipFile

from portico.output.pdf.zip_stream import ZipEntry, zip_stream

DAY = date(2026, 11, 20)


def opened(*files: ZipEntry) -> ZipFile:
    return ZipFile(io.BytesIO(b"".join(zip_stream(files))))


def test_every_file_is_there_with_its_day() -> None:
    archive = opened(ZipEntry("a.pdf", DAY, b"first" * 1000), ZipEntry("b.pdf", date(1970, 1, 1), b"second"))
    assert archive.testzip() is None
    assert [(info.filename, info.date_time[:3]) for info in archive.infolist()] == [
        ("a.pdf", (2026, 11, 20)),
        ("b.pdf", (1980, 1, 1)),
    ]
    assert (archive.read("a.pdf"), archive.read("b.pdf")) == (b"first" * 1000, b"second")


def test_no_name_comes_twice() -> None:
    names = ["a.pdf", "A.pdf", "a-2.pdf", "a.pdf", "none"]
    archive = opened(*(ZipEntry(name, DAY, name.encode()) for name in names))
    assert archive.namelist() == ["a.pdf", "A-2.pdf", "a-2-2.pdf", "a-3.pdf", "none"]
    assert archive.read("a-3.pdf") == b"a.pdf"


def test_it_takes_one_file_at_a_time() -> None:
    taken: list[int] = []

    def files() -> Iterator[ZipEntry]:
        for number in range(3):
            taken.append(number)
            yield ZipEntry(f"{number}.pdf", DAY, b"x")

    pieces = zip_stream(files())
    assert next(pieces)
    assert taken == [0], "the first is sent before the second is made"
    assert len(list(pieces)) == 3
    assert taken == [0, 1, 2]


def test_nothing_gives_an_empty_one() -> None:
    assert opened().namelist() == []
