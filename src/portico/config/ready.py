"""Makes what an installation needs and has not got: the database's tables and the collected static files."""

import fcntl
import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

# Names the lock that nodes sharing one PostgreSQL take before they change its tables.
_ADVISORY_LOCK = 7_027_384_260

# What django-htmx brings along and no page asks for: compressing it would take most of the first start.
_UNUSED = ["ext", "*-4*.js", "htmx-2.js"]

# How long until a database that was not there is looked for again, in seconds.
_LOOK_EVERY = 1.0
# Refusals of a server that is on its way up or down.
_PASSES = re.compile("starting up|shutting down|not yet accepting|recovery|too many clients")


def ready() -> None:
    """Bring the installation up to this version, in milliseconds when nothing is to be done.

    Several processes, or nodes with one database, may start at once: one does the work and the others wait for it.
    """
    _reach()
    with _alone_on_this_host():
        if _pending():
            _migrate()
        marker, wanted = Path(settings.STATIC_ROOT) / ".collected", _static_fingerprint()
        if not marker.exists() or marker.read_text() != wanted:
            call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=_UNUSED)
            # Written last: a start that was interrupted collects again.
            marker.write_text(wanted)


def await_database(announce: Callable[[str], None]) -> None:
    """Wait for a PostgreSQL that is not there yet, and announce that once, with the reason.

    What waiting does not mend, such as a wrong password, is left to `ready`, which raises it.
    """
    pause, announced = threading.Event(), False
    while True:
        try:
            return _reach()
        except OperationalError as error:
            reason = " ".join(str(error).split())
            if "FATAL:" in reason and not _PASSES.search(reason):
                return
        if not announced:
            announce(f"Waiting for the database: {reason}")
            announced = True
        pause.wait(_LOOK_EVERY)


def _reach() -> None:
    """Refuse at once, with the server's own reason: a connection pool would keep on trying for a while."""
    if connection.vendor == "postgresql":
        with connection.wrap_database_errors:
            psycopg.connect(**connection.get_connection_params() | {"connect_timeout": 5}).close()


@contextmanager
def _alone_on_this_host() -> Iterator[None]:
    with (Path(settings.PORTICO_HOME) / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _pending() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _migrate() -> None:
    if connection.vendor != "postgresql":
        call_command("migrate", interactive=False, verbosity=0)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_ADVISORY_LOCK])
        try:
            call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_LOCK])


def _static_fingerprint() -> str:
    """Return a hash of the names, sizes and times of the files to collect: it changes with every other build."""
    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(_UNUSED):
            state = Path(storage.path(name)).stat()
            found.update(f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return found.hexdigest()
