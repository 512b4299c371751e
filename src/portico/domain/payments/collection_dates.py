"""When AutoPay collects an invoice: the first time, and again after it has failed."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# Staff who issued an invoice, and customers who enrolled, have this long to take it back.
LEAST_WAIT = timedelta(hours=1)
# How long after each failure it is tried again; after the last of these it is given up.
RETRIES = (timedelta(days=3), timedelta(days=5), timedelta(days=7))


def first_collection(
    *, issued_at: datetime, issued_on: date, enrolled_at: datetime, delay_days: int, time_zone: str
) -> datetime:
    """Return when an invoice is collected first: an hour after its issue, not before its date, and the delay later.

    The days of the delay are counted in the business's time zone, at the same time of the day. An invoice that was
    open before its customer enrolled waits an hour from then.
    """
    zone = ZoneInfo(time_zone)
    begins = datetime.combine(issued_on, time.min, zone)
    # The same wall clock: a day with a change of the clock is a day all the same.
    wanted = max(issued_at + LEAST_WAIT, begins).astimezone(zone) + timedelta(days=delay_days)
    return max(wanted, enrolled_at + LEAST_WAIT).astimezone(issued_at.tzinfo)


def next_collection(first: datetime, failed_at: list[datetime]) -> datetime | None:
    """Return when an invoice is collected next after it has failed at these moments; None once it is given up."""
    if not failed_at:
        return first
    return max(failed_at) + RETRIES[len(failed_at) - 1] if len(failed_at) <= len(RETRIES) else None
