"""Run as `python -m benchmarks.queries OUT PATH` with an installation's environment and COOKIE: what a page asks for.

Writes, of the first request and of the next, the queries with their parameters and the page's bytes.
"""

import os
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.config.settings")
django.setup()

from django.db import connection  # noqa: E402  # models can be imported only now
from django.test import Client  # noqa: E402  # as above

type Query = tuple[str, tuple[Any, ...]]


def recorded(path: str, cookie: str, host: str = "localhost") -> tuple[list[Query], bytes]:
    """Return the queries of a page in their order, and its content."""
    asked: list[Query] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        # Choices are texts of a class that the floor does not know.
        asked.append((sql, tuple(str(value) if isinstance(value, str) else value for value in params or ())))
        return execute(sql, params, many, context)

    client = Client(headers={"host": host, "cookie": cookie})
    with connection.execute_wrapper(note):
        response = client.get(path)
    if response.status_code != 200:
        raise SystemExit(f"{path} was answered {response.status_code}.")
    return asked, response.content


if __name__ == "__main__":
    out, path = sys.argv[1:]
    visits = [recorded(path, os.environ["COOKIE"]) for _ in range(2)]
    Path(out).write_bytes(pickle.dumps(visits))
