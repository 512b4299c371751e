"""What a page could cost at least on this machine: the server alone, and the page's own queries without a framework.

`BENCHMARK_PAGES` names the file that `benchmarks.queries` wrote.
"""

import os
import pickle
import re
import sqlite3
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psycopg
from django.db.backends.sqlite3._functions import register  # type: ignore[import-untyped]  # published without types

type Start = Callable[[str, list[tuple[str, str]]], object]

_HTML = [("Content-Type", "text/html; charset=utf-8")]
_recorded = os.environ.get("BENCHMARK_PAGES")
_PAGES: dict[str, tuple[list[tuple[str, tuple[Any, ...]]], bytes]] = (
    pickle.loads(Path(_recorded).read_bytes()) if _recorded else {}  # noqa: S301  # written by ourselves a moment ago
)
_local = threading.local()


def bare(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """Answer at once."""
    start_response("200 OK", _HTML)
    return [b"ok"]


def asking(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """Run a page's queries, fetch their rows, and answer the page as it was."""
    query = environ["QUERY_STRING"]
    queries, content = _PAGES.get(environ["PATH_INFO"] + (f"?{query}" if query else ""), ([], b"ok"))
    connection = _connection() if queries else None
    for sql, params in queries:
        assert connection is not None
        connection.execute(sql, params).fetchall()
    start_response("200 OK", _HTML)
    return [content]


def _connection() -> Any:
    """Return this thread's connection, made on first use."""
    if not hasattr(_local, "connection"):
        address = os.environ.get("DATABASE_URL")
        if address:
            _local.connection = psycopg.connect(address, autocommit=True, cursor_factory=psycopg.ClientCursor)
        else:
            _local.connection = _sqlite(Path(os.environ["PORTICO_HOME"]) / "portico.sqlite3")
    return _local.connection


def _sqlite(file: Path) -> sqlite3.Connection:
    """Open the file as the product does, with the functions that its queries use."""
    connection = sqlite3.connect(file, isolation_level=None)
    register(connection)
    connection.executescript("PRAGMA cache_size=-20000; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;")
    return connection


if not os.environ.get("DATABASE_URL"):
    # sqlite3 marks its parameters with a question mark, Django with %s.
    _PAGES = {
        path: ([(re.sub(r"(?<!%)%s", "?", sql).replace("%%", "%"), params) for sql, params in queries], content)
        for path, (queries, content) in _PAGES.items()
    }
