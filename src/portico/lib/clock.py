"""The time. Nobody else asks for it, so tests set it in one place."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """Return the present instant, in UTC."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Let it be `instant` for what is done inside: a demonstration's past happened on its days."""
    token = _frozen.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def today(time_zone: str) -> date:
    """Return the civil date it is now in an IANA time zone, for instance a business's."""
    return local_date(now(), time_zone)


def local_hour(time_zone: str) -> int:
    """Return the hour of the day that it is in a time zone, 0 to 23."""
    return now().astimezone(ZoneInfo(time_zone)).hour


def local_date(instant: datetime, time_zone: str) -> date:
    """Return the civil date an instant falls on in an IANA time zone."""
    return instant.astimezone(ZoneInfo(time_zone)).date()
