"""The databases of the harness, each with a way to be gone for a while."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Protocol

from tests.plugins.database import postgresql_url, start_postgresql
from tests.prepared import copy_sqlite


class Database(Protocol):
    """A database that nobody else uses. `away` takes it away for as long as its block lasts."""

    url: str

    def away(self) -> AbstractContextManager[None]: ...
    def close(self) -> None: ...


class SQLite:
    """A file; it is gone for those who write while another program holds its lock."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "portico.sqlite3"
        self.url = f"sqlite:///{self.file}"
        copy_sqlite(self.file)

    @contextmanager
    def away(self) -> Iterator[None]:
        with closing(sqlite3.connect(self.file, timeout=60, isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            try:
                yield
            finally:
                connection.execute("ROLLBACK")

    def close(self) -> None:
        """The file goes with its folder."""


class PostgreSQL:
    """A server of its own that is stopped and started again."""

    def __init__(self) -> None:
        # Its socket lives there, and the path of one is limited to some hundred bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="portico-", dir="/tmp"))
        self.server = start_postgresql(self.folder / "pg")
        self.url = postgresql_url(self.folder / "pg", "postgres")

    @contextmanager
    def away(self) -> Iterator[None]:
        os.environ["LC_ALL"] = "C.UTF-8"
        self.server.stop()
        try:
            yield
        finally:
            self.server.start()

    def close(self) -> None:
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)


def open_database(kind: str, folder: Path) -> Database:
    """Make a database: `sqlite` in this folder, or `postgresql`."""
    return PostgreSQL() if kind == "postgresql" else SQLite(folder)
