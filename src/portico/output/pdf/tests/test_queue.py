"""A long PDF is made beside the server, one at a time; who asks is told how far it is."""

import fcntl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from portico.output.pdf import queue
from portico.output.pdf.errors import TooLong
from portico.output.pdf.queue import PdfOrProgress, PdfProgress, long_pdf_of
from portico.output.pdf.tests.test_render import text_of
from portico.output.pdf.tests.test_worker import entries, statement

ROWS = 31
PATIENCE = 60


@pytest.fixture(autouse=True)
def short_is_long(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setattr(queue, "ROWS_AT_ONCE", 30)


def asked(facts: str = "Acme") -> PdfOrProgress:
    return long_pdf_of(facts, ROWS, lambda: statement(entries(ROWS - 1)))


def in_the_end(ask: Callable[[], PdfOrProgress]) -> PdfOrProgress:
    """Ask again until it is made, or has failed."""
    pause = threading.Event()
    for _ in range(PATIENCE * 10):
        answer = ask()
        if not isinstance(answer, PdfProgress) or answer.failed:
            return answer
        pause.wait(0.1)
    raise AssertionError("It takes too long.")


@contextmanager
def somebodys_turn(home: Path) -> Iterator[None]:
    with (home / "cache" / "pdf" / "making.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def test_whoever_asks_is_told_at_once_and_gets_it_later() -> None:
    assert asked() == PdfProgress(ROWS)
    pdf = in_the_end(asked)
    assert isinstance(pdf, bytes)
    assert f"INV-{ROWS - 2:05}" in text_of(pdf)
    assert asked() == pdf, "it is kept"


def test_a_short_one_is_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "ROWS_AT_ONCE", ROWS)
    assert isinstance(asked(), bytes)


def test_its_sheet_is_put_together_once() -> None:
    asked()

    def never() -> None:
        raise AssertionError("The sheet is known.")

    assert isinstance(in_the_end(lambda: long_pdf_of("Acme", ROWS, never)), bytes)  # type: ignore[arg-type]  # as it says


def test_other_facts_are_another_pdf() -> None:
    in_the_end(asked)
    assert isinstance(asked("Acme, a payment later"), PdfProgress)


def test_one_at_a_time(home: Path) -> None:
    in_the_end(asked)
    with somebodys_turn(home):
        assert asked("another") == PdfProgress(ROWS, waiting=True)
        assert isinstance(asked(), bytes), "what is there is given all the same"
    assert asked("another") == PdfProgress(ROWS), "then it is its turn"
    assert isinstance(in_the_end(lambda: asked("another")), bytes)


def test_the_turn_ends_with_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def start(*words: Any, **how: Any) -> subprocess.Popen[bytes]:
        started.append(really_start(*words, **how))
        return started[-1]

    really_start = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", start)
    asked()
    assert asked("another") == PdfProgress(ROWS, waiting=True)
    started[0].kill()
    assert in_the_end(lambda: asked()) == PdfProgress(ROWS, failed=True)
    assert asked() == PdfProgress(ROWS), "asking again tries again"
    assert isinstance(in_the_end(asked), bytes)


def test_nothing_is_left_of_a_pdf_but_itself(home: Path) -> None:
    in_the_end(asked)
    left = {file.suffix for file in (home / "cache" / "pdf").glob("*/*")}
    assert left == {".pdf"}


def test_too_many_rows_are_refused_with_their_number(home: Path) -> None:
    with pytest.raises(TooLong, match=r"This has 50,001 rows; a PDF has room for 50,000\."):
        long_pdf_of("Acme", 50_001, lambda: statement(entries(1)))
    assert not (home / "cache" / "pdf").exists()
