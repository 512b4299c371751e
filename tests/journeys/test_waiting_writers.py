"""Reading does not wait behind those who wait to write, on SQLite with its one writer at a time."""

import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest
from django.db import connection

from tests.server import Server

_BUSINESS = "business create --name A --slug a --currency EUR --country DE --time-zone UTC"
_WRITERS = 8
# A page alone takes a tenth of a second; behind writers it took as long as they wait for the lock, four seconds.
_AT_MOST = 2.5


@contextmanager
def writing(program: httpx.Client) -> Iterator[list[int]]:
    """Let programs write without a pause, for as long as it lasts; gives the statuses of what was answered."""
    stop, answered = threading.Event(), list[int]()

    def write(number: int) -> None:
        while not stop.is_set():
            answer = program.post("/customers", json={"external_id": f"c{number}", "name": "Otto"})
            answered.append(answer.status_code)
            assert answer.status_code in {200, 201} or answer.json()["code"] == "busy", answer.text
            stop.wait(0.02)

    with ThreadPoolExecutor(_WRITERS) as threads:
        running = [threads.submit(write, number) for number in range(_WRITERS)]
        try:
            yield answered
        finally:
            stop.set()
    for one in running:
        one.result()


def slowest(seconds: float, *reads: tuple[httpx.Client, str]) -> float:
    """Read for some time, and return how long the slowest answer took."""
    worst, until = 0.0, time.monotonic() + seconds
    while time.monotonic() < until:
        for client, path in reads:
            started = time.monotonic()
            answer = client.get(path)
            worst = max(worst, time.monotonic() - started)
            assert answer.status_code == 200, answer.text
    return worst


@pytest.mark.both_databases
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has many writers at a time")
def test_pages_are_read_while_many_wait_to_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Server(tmp_path / "home") as server:
        assert server.command(*_BUSINESS.split()).returncode == 0
        key = server.command("apikey", "create", "--business", "a", "--name", "Shop").stdout.strip()
        headers = {"Authorization": f"Bearer {key}"}
        program = httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=60)
        customer = httpx.Client(timeout=60, follow_redirects=True)
        assert program.post("/customers", json={"external_id": "42", "name": "Otto"}).status_code == 201
        home = str(customer.get(server.command("link", "42", "--business", "a").stdout.strip()).url)
        reads = (customer, home), (program, "/customers")
        database = sqlite3.connect(tmp_path / "home" / "portico.sqlite3", isolation_level=None, timeout=20)
        with closing(program), closing(customer), closing(database), writing(program) as answered:
            beside = slowest(2, *reads)
            refused = answered.count(503)
            database.execute("BEGIN IMMEDIATE")
            behind = slowest(6, *reads)
            database.execute("ROLLBACK")
        with capsys.disabled():
            sys.stdout.write(f" slowest read {beside:.2f} s beside writers, {behind:.2f} s while none can write ")
        assert refused == 0, "writers that get their turn are not refused"
        assert 503 in answered, "who can't write is told so"
        assert behind <= _AT_MOST
        assert "Traceback" not in server.log.read_text()
