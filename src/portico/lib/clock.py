"""The time. Nobody else asks for it, so tests set it in one place."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the present instant, in UTC."""
    return datetime.now(UTC)


def today(time_zone: str) -> date:
    """Return the civil date it is now in an IANA time zone, for instance a business's."""
    return local_date(now(), time_zone)


def local_date(instant: datetime, time_zone: str) -> date:
    """Return the civil date an instant falls on in an IANA time zone."""
    return instant.astimezone(ZoneInfo(time_zone)).date()
