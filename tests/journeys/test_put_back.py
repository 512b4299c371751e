"""A backup is put back while `var` stays: nothing of the time that was lost is served, though revisions repeat."""

import shutil
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from psycopg import sql

from portico.output.pdf.tests.test_render import text_of
from tests.plugins.database import NewDatabase
from tests.server import Server

LIST = "/portal/bench-1/activity/invoices"
_PATIENCE = 120

# A list of more than 400 rows is printed beside the server and found again by what it follows from.
_FILL = """
from datetime import date
from benchmarks.datasets import DataSet, REGULAR
from benchmarks.filling import Filling
Filling(DataSet("listed", 450, {REGULAR: 450}, lines=1), date(2026, 11, 20)).write()
"""


class Backup:
    """A copy of a server's database, taken as docs/operators.md says and put back the same way."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.url = server.environment["DATABASE_URL"]
        self.name = urlsplit(self.url).path.lstrip("/")
        self.file = Path("/" + self.name)
        self.copy = self.file.with_suffix(".copy")

    def take(self) -> None:
        """Copy the database: SQLite's while the server runs, PostgreSQL's while nobody is connected."""
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.file)) as source, closing(sqlite3.connect(self.copy)) as target:
                source.backup(target)
            return
        self.server.stop()
        self._execute("CREATE DATABASE {copy} TEMPLATE {name}")
        self.server.start()

    def put_back(self) -> None:
        """Stop the server, replace its database by the copy, and start it again."""
        self.server.stop()
        if self.url.startswith("sqlite"):
            for rest in ("-wal", "-shm"):
                self.file.with_name(self.file.name + rest).unlink(missing_ok=True)
            shutil.copy(self.copy, self.file)
        else:
            self._execute("DROP DATABASE {name}")
            self._execute("CREATE DATABASE {name} TEMPLATE {copy}")
        self.server.start()

    def _execute(self, statement: str) -> None:
        name, copy = sql.Identifier(self.name), sql.Identifier(f"{self.name}_copy")
        with psycopg.connect(self.url.rpartition("/")[0] + "/postgres", autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(name=name, copy=copy))


@pytest.fixture
def server(tmp_path: Path, prepared_database: NewDatabase) -> Server:
    return Server(tmp_path / "home", prepared_database())


@pytest.mark.both_databases
def test_pages_and_pdfs_of_the_lost_time_are_not_served_after_put_back(server: Server) -> None:
    with server, httpx.Client(base_url=server.url, timeout=60) as browser:
        filled = server.command("manage", "shell", "-c", _FILL)
        assert filled.returncode == 0, filled.stderr
        key = server.command("apikey", "create", "--business", "bench-1", "--name", "Shop").stdout.strip()
        link = server.command("link", "regular", "--business", "bench-1").stdout.strip()
        assert browser.get(link, follow_redirects=True).status_code == 200
        backup = Backup(server)
        backup.take()

        _rename(server, key, "Lost Ltd")
        lost = browser.get(LIST)
        assert "Lost Ltd" in lost.text
        again = {"If-None-Match": lost.headers["ETag"]}
        assert browser.get(LIST, headers=again).status_code == 304
        lost_pdf = _pdf(browser)
        assert "Lost Ltd" in text_of(lost_pdf)
        assert _pdf(browser) == lost_pdf

        backup.put_back()
        before = browser.get(LIST, headers=again)
        assert before.status_code == 200
        assert "Lost Ltd" not in before.text
        _rename(server, key, "Found Ltd")
        found = browser.get(LIST, headers=again)
        assert found.status_code == 200, "the customer's revision is that of the lost time again"
        assert "Found Ltd" in found.text
        found_pdf = text_of(_pdf(browser))
        assert "Found Ltd" in found_pdf
        assert "Lost Ltd" not in found_pdf


def _rename(server: Server, key: str, name: str) -> None:
    sent = {"external_id": "regular", "name": name}
    changed = httpx.post(f"{server.url}/api/v1/customers", json=sent, headers={"Authorization": f"Bearer {key}"})
    assert changed.status_code == 200, changed.text


def _pdf(browser: httpx.Client) -> bytes:
    """Return the list as PDF, asked for until it is made."""
    pause = threading.Event()
    deadline = time.monotonic() + _PATIENCE
    while (answer := browser.get(f"{LIST}.pdf")).status_code == 202:
        assert time.monotonic() < deadline
        pause.wait(0.2)
    assert answer.status_code == 200, answer.text
    return answer.content
