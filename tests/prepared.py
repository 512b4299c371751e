"""An installation that has its tables and static files: made once in a run, and copied for whoever needs one.

Making one takes a quarter of a minute, and a run needs some seventy. What a first start makes is tested where
nothing is copied: with `new_database`, and with the `program` of `portico.config.tests.conftest`.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from portico.config.tests.conftest import fresh_environment

# Names the folder that the processes of a run share; `tests.plugins.database` sets it.
FOLDER_VARIABLE = "PORTICO_TEST_PREPARED"
SQLITE = "portico.sqlite3"
_TEMPLATE = "portico_prepared"


def prepare(home: Path, *, database: bool = True) -> None:
    """Make a folder an installation that nobody has used, with an SQLite database unless there is another one.

    One that is there already is left as it is, and outside a run of pytest the first start makes it.
    """
    if FOLDER_VARIABLE not in os.environ or (home / "secret-keys").exists():
        return
    ignored = () if database else (SQLITE,)
    shutil.copytree(_installation(), home, ignore=shutil.ignore_patterns(*ignored), dirs_exist_ok=True)


def copy_sqlite(file: Path) -> None:
    """Put a database with all tables at a path, outside a run of pytest none."""
    if FOLDER_VARIABLE in os.environ:
        shutil.copyfile(_installation() / SQLITE, file)


def copy_postgresql(server_url: str, name: str) -> None:
    """Make a database with all tables in the run's server."""
    with _first(_TEMPLATE) as is_first, psycopg.connect(server_url, autocommit=True) as connection:
        if is_first:
            connection.execute(f"CREATE DATABASE {_TEMPLATE}")
            _start(_installation(), DATABASE_URL=f"{server_url.rpartition('/')[0]}/{_TEMPLATE}")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")


def _installation() -> Path:
    home = Path(os.environ[FOLDER_VARIABLE]) / "home"
    with _first("home") as is_first:
        if is_first:
            _start(home)
    return home


def _start(home: Path, **environment: str) -> None:
    words = [sys.executable, "-m", "portico.config.cli", "check-ledger"]
    subprocess.run(words, env=fresh_environment(home, **environment), check=True, capture_output=True, timeout=300)


@contextmanager
def _first(name: str) -> Iterator[bool]:
    """Let one process in at a time, and tell whether none has been through before."""
    folder = Path(os.environ[FOLDER_VARIABLE])
    folder.mkdir(exist_ok=True)
    done = folder / f"{name}.done"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not done.exists()
        done.touch()
