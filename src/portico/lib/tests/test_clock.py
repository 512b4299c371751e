from datetime import UTC, date, datetime, timedelta, timezone

from portico.lib import clock


def test_a_day_begins_where_the_business_is() -> None:
    instant = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
    assert clock.local_date(instant, "Asia/Kuwait") == date(2026, 3, 2)
    assert clock.local_date(instant, "America/Toronto") == date(2026, 3, 1)


def test_a_frozen_instant_holds_inside_and_nowhere_else() -> None:
    moment = datetime(2024, 2, 29, 1, tzinfo=timezone(timedelta(hours=3)))
    before = clock.now()
    with clock.at(moment):
        assert clock.now() == moment
        assert clock.now().tzinfo is UTC
        assert clock.today("Asia/Kuwait") == date(2024, 2, 29)
        assert clock.today("UTC") == date(2024, 2, 28)
        with clock.at(moment + timedelta(days=1)):
            assert clock.today("UTC") == date(2024, 2, 29)
        assert clock.now() == moment
    assert clock.now() >= before
