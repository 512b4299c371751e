"""Web processes die while people ask: `--rounds 20 -o faulthandler_timeout=0` for a long run."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.plugins.database import NewDatabase
from tests.server import Server

_ANSWERED_WITHIN = 30.0


@pytest.fixture
def server(tmp_path: Path, prepared_database: NewDatabase) -> Iterator[Server]:
    running = Server(tmp_path / "home", prepared_database())
    running.environment["PORTICO_WORKERS"] = "2"
    with running:
        yield running


@pytest.mark.both_databases
def test_web_processes_that_die_are_started_again(
    server: Server, pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds, slowest, killed = pytestconfig.getoption("rounds"), 0.0, 0
    for _ in range(rounds):
        # Both at once, and their successors as soon as they are there: Granian's own rule ends the server at this.
        for _ in range(2):
            killed += _kill(server)
        slowest = max(slowest, _seconds_until_answered(server))
    _wait_until_there_are(server, 2)
    with capsys.disabled():
        sys.stdout.write(f" {rounds} rounds: {killed} processes killed, answered again within {slowest:.1f} s ")
    assert server.is_running()
    assert slowest <= _ANSWERED_WITHIN
    said = server.log.read_text()
    # One that is dead but still listed may be counted twice among the killed.
    assert rounds <= said.count("ERROR portico.config.server: Web process") <= killed
    assert "Traceback" not in said
    assert server.stop() == 0


def _web_processes(server: Server) -> list[int]:
    return [pid for pid, name in server.children().items() if "worker" not in name and "defunct" not in name]


def _kill(server: Server) -> int:
    _wait_until_there_are(server, 1)
    killed = 0
    for pid in _web_processes(server):
        # One that was listed may have been dead already, and its parent was told by now.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed += 1
    return killed


def _wait_until_there_are(server: Server, count: int) -> None:
    deadline = time.monotonic() + 60
    while len(_web_processes(server)) < count:
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)


def _seconds_until_answered(server: Server) -> float:
    started = time.monotonic()
    while time.monotonic() - started < 60:
        try:
            if httpx.get(f"{server.url}/accounts/login/", timeout=5).status_code == 200:
                return time.monotonic() - started
        except httpx.TransportError:
            threading.Event().wait(0.02)
    raise AssertionError("no answer any more: " + server.log.read_text()[-2000:])
