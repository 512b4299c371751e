import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portico.output.pdf import cache
from portico.output.pdf.tests.samples import invoice

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def kept(home: Path) -> list[Path]:
    return sorted((home / "cache" / "pdf").rglob("*.pdf"))


def test_unchanged_input_is_not_rendered_again(home: Path) -> None:
    first = cache.pdf(invoice())
    (file,) = kept(home)
    file.write_bytes(b"from the folder")
    assert cache.pdf(invoice()) == b"from the folder"
    assert cache.pdf(invoice(subtitle="Another")) != first
    assert len(kept(home)) == 2


def test_a_lost_file_is_rendered_again(home: Path) -> None:
    first = cache.pdf(invoice())
    kept(home)[0].unlink()
    assert cache.pdf(invoice()) == first


def put(home: Path, name: str, size: int, age: timedelta) -> Path:
    file = home / "cache" / "pdf" / "ab" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"x" * size)
    made = (NOW - age).timestamp()
    os.utime(file, (made, made))
    return file


def test_the_sweep_takes_what_is_old_and_then_what_is_too_much(home: Path) -> None:
    put(home, "old.pdf", 10, timedelta(days=31))
    put(home, "older.pdf", 10, timedelta(days=3))
    newer = put(home, "newer.pdf", 10, timedelta(days=2))
    newest = put(home, "newest.pdf", 10, timedelta(days=1))
    assert cache.sweep(NOW, kept_for=timedelta(days=30), kept_bytes=25) == 2
    assert kept(home) == sorted([newer, newest])


def test_the_sweep_of_nothing(home: Path) -> None:
    assert cache.sweep(NOW) == 0
