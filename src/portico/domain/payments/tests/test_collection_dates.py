"""When AutoPay collects an invoice: the first time, and after it has failed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.domain.payments.collection_dates import LEAST_WAIT, RETRIES, first_collection, next_collection

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 6 * 365 * 24 * 60).map(lambda minutes: LONG_AGO + timedelta(minutes=minutes))
ZONES = st.sampled_from(["Europe/Berlin", "America/Los_Angeles", "Asia/Kuwait", "Pacific/Kiritimati", "UTC"])


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("issued_at", "issued_on", "enrolled_at", "delay", "collected_at"),
    [
        # Dated today: an hour after the issue.
        ("2026-11-20 12:00", "2026-11-20", "2026-01-01 00:00", 0, "2026-11-20 13:00"),
        # Dated in the past: the same.
        ("2026-11-20 12:00", "2026-11-01", "2026-01-01 00:00", 0, "2026-11-20 13:00"),
        # Dated in the future: when that day begins in Berlin.
        ("2026-11-20 12:00", "2026-12-01", "2026-01-01 00:00", 0, "2026-11-30 23:00"),
        # Issued late in the evening: the hour counts beyond midnight.
        ("2026-11-20 22:30", "2026-11-20", "2026-01-01 00:00", 0, "2026-11-20 23:30"),
        ("2026-11-20 12:00", "2026-11-20", "2026-01-01 00:00", 13, "2026-12-03 13:00"),
        # Over the change to summer time: the same hour of the day in Berlin.
        ("2026-03-28 12:00", "2026-03-28", "2026-01-01 00:00", 1, "2026-03-29 12:00"),
        # Open before the customer enrolled.
        ("2026-10-01 12:00", "2026-10-01", "2026-11-20 09:00", 0, "2026-11-20 10:00"),
        ("2026-11-19 12:00", "2026-11-19", "2026-11-20 09:00", 5, "2026-11-24 13:00"),
    ],
)
def test_first_collection(issued_at: str, issued_on: str, enrolled_at: str, delay: int, collected_at: str) -> None:
    found = first_collection(
        issued_at=moment(issued_at),
        issued_on=date.fromisoformat(issued_on),
        enrolled_at=moment(enrolled_at),
        delay_days=delay,
        time_zone="Europe/Berlin",
    )
    assert found == moment(collected_at)


@given(issued_at=MOMENTS, enrolled_at=MOMENTS, ahead=st.integers(-400, 400), delay=st.integers(0, 60), zone=ZONES)
def test_nothing_is_collected_too_early(
    issued_at: datetime, enrolled_at: datetime, ahead: int, delay: int, zone: str
) -> None:
    issued_on = issued_at.date() + timedelta(days=ahead)
    found = first_collection(
        issued_at=issued_at, issued_on=issued_on, enrolled_at=enrolled_at, delay_days=delay, time_zone=zone
    )
    assert found >= issued_at + LEAST_WAIT
    assert found >= enrolled_at + LEAST_WAIT
    there = found.astimezone(ZoneInfo(zone)).date()
    assert there >= issued_on + timedelta(days=delay)
    assert there >= issued_at.astimezone(ZoneInfo(zone)).date() + timedelta(days=delay)


def test_retries_are_3_5_and_7_days_after_the_last_failure_and_then_it_is_given_up() -> None:
    failed: list[datetime] = []
    at: datetime | None = moment("2026-11-20 13:00")
    waits = []
    while at is not None:
        failed.append(at + timedelta(minutes=5))
        at = next_collection(LONG_AGO, failed)
        waits += [at - failed[-1]] if at else []
    assert waits == list(RETRIES) == [timedelta(days=3), timedelta(days=5), timedelta(days=7)]
