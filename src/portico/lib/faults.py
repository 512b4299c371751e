"""Faults of the database, the disk, the files' bucket and the virus scanner, told apart.

It is the one place that knows the errors of SQLite and PostgreSQL.
"""

import errno
import logging
import sqlite3
import threading
from enum import Enum
from time import monotonic

from django.db import DatabaseError, InterfaceError, OperationalError

from portico.lib.errors import PorticoError

_logger = logging.getLogger(__name__)


class Fault(Enum):
    """Why the database can't do it now. The value is the stable name that programs read."""

    # It can't be reached. A transaction whose commit was under way may have been committed, or not.
    AWAY = "unavailable"
    # A lock was held for too long, or a deadlock was resolved: the transaction was rolled back.
    BUSY = "busy"
    # There is no room for what was to be written: the transaction was rolled back.
    FULL = "disk_full"
    # What keeps the files can't be reached; the database can.
    FILES = "files_unavailable"
    # What looks at files before they are kept gives no answer.
    SCANNER = "scanner_unavailable"

    @property
    def retry_after(self) -> int:
        """After how many seconds asking again may help."""
        return {Fault.AWAY: 5, Fault.BUSY: 2, Fault.FULL: 60, Fault.FILES: 30, Fault.SCANNER: 30}[self]


# What is said of faults that only files have.
UNAVAILABLE = {
    Fault.FILES: "Files can't be stored or read at the moment. Nothing was changed; try again later.",
    Fault.SCANNER: "Files can't be checked for viruses at the moment, so none is taken. Try again later.",
}


class Unavailable(PorticoError):
    """A file that can't be kept or read now, for a fault of `UNAVAILABLE`; nothing was changed."""

    status = 503

    def __init__(self, fault: Fault) -> None:
        super().__init__(UNAVAILABLE[fault], code=fault.value)
        self.fault = fault


class TooManyWaiting(OperationalError):
    """Others wait for the database's lock already, and one more would leave nobody to answer who only reads."""


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
        if isinstance(error, Unavailable):
            return error.fault
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return Fault.FULL
        if isinstance(error, InterfaceError | OperationalError):
            return _of_database(error)
        error = error.__cause__
    return None


def _of_database(error: DatabaseError | InterfaceError) -> Fault | None:
    if isinstance(error, TooManyWaiting):
        return Fault.BUSY
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
    Fault.FILES: "The bucket of the files can't be used; what needs a file is answered 503 until it can",
    Fault.SCANNER: "clamd can't look at files; none is taken until it can",
}
