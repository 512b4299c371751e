"""Faults of the database and the disk, told apart: the one place that knows the errors of SQLite and PostgreSQL."""

import errno
import logging
import sqlite3
import threading
from enum import Enum
from time import monotonic

from django.db import DatabaseError, InterfaceError, OperationalError

_logger = logging.getLogger(__name__)


class Fault(Enum):
    """Why the database can't do it now. The value is the stable name that programs read."""

    # It can't be reached. A transaction whose commit was under way may have been committed, or not.
    AWAY = "unavailable"
    # A lock was held for too long, or a deadlock was resolved: the transaction was rolled back.
    BUSY = "busy"
    # There is no room for what was to be written: the transaction was rolled back.
    FULL = "disk_full"

    @property
    def retry_after(self) -> int:
        """After how many seconds asking again may help."""
        return {Fault.AWAY: 5, Fault.BUSY: 2, Fault.FULL: 60}[self]


# For how long a fault that was met is taken to go on, in seconds: those who ask meanwhile do not wait for it too.
_GOES_ON = 1.0
# How often a fault that goes on is logged, in seconds.
_LOG_EVERY = 60.0

# https://www.postgresql.org/docs/current/errcodes-appendix.html: whole classes by two characters, or a single code.
_POSTGRESQL = {
    "08": Fault.AWAY,
    "57P": Fault.AWAY,
    "53100": Fault.FULL,
    "53": Fault.BUSY,
    "40": Fault.BUSY,
    "55P03": Fault.BUSY,
    "57014": Fault.BUSY,
}
_SQLITE = {
    sqlite3.SQLITE_BUSY: Fault.BUSY,
    sqlite3.SQLITE_LOCKED: Fault.BUSY,
    sqlite3.SQLITE_FULL: Fault.FULL,
    sqlite3.SQLITE_IOERR: Fault.AWAY,
    sqlite3.SQLITE_CANTOPEN: Fault.AWAY,
}


def fault_of(error: BaseException | None) -> Fault | None:
    """Return the fault an error or one of its causes stands for, or None when it is another kind of mistake."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return Fault.FULL
        if isinstance(error, InterfaceError | OperationalError):
            return _of_database(error)
        error = error.__cause__
    return None


def _of_database(error: DatabaseError | InterfaceError) -> Fault | None:
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        # An extended code keeps its primary one in the lowest byte; a binding error has none.
        return _SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    state = getattr(cause, "sqlstate", None)
    if not state:
        # The client's own errors: no connection could be had, or it was lost.
        return Fault.AWAY
    return next((fault for code, fault in _POSTGRESQL.items() if state.startswith(code)), None)


class _Outages:
    """When each fault was last met and last logged in this process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.met: dict[Fault, float] = {}
        self.logged: dict[Fault, float] = {}


_outages = _Outages()


def note(fault: Fault, error: BaseException) -> None:
    """Remember that a fault was met, and log it in one line: once, and once a minute while it goes on."""
    moment = monotonic()
    with _outages.lock:
        _outages.met[fault] = moment
        due = moment - _outages.logged.get(fault, -_LOG_EVERY) >= _LOG_EVERY
        if due:
            _outages.logged[fault] = moment
    if due:
        _logger.error("%s: %s", _SAID[fault], " ".join(str(error).split()))


def going_on(*, writes: bool) -> Fault | None:
    """Return the fault that a request would only wait for: met a moment ago, and in the way of what it does.

    A lock is in the way of what `writes` alone.
    """
    moment = monotonic()
    for fault in (Fault.AWAY, Fault.BUSY) if writes else (Fault.AWAY,):
        if moment - _outages.met.get(fault, -_GOES_ON) < _GOES_ON:
            return fault
    return None


def forget() -> None:
    """Take every fault to be over."""
    with _outages.lock:
        _outages.met.clear()
        _outages.logged.clear()


_SAID = {
    Fault.AWAY: "The database can't be reached; requests are answered 503 until it is back",
    Fault.BUSY: "The database is locked, or its transactions are in each other's way",
    Fault.FULL: "The disk is full; nothing can be stored until there is room",
}
