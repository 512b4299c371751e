"""State is said in words that fit the day."""

from datetime import date

import pytest

from portico.web.shared.status import Tag, document_tag, paid_percent

TODAY = date(2026, 11, 20)


def _tag(status: str, due_on: date | None = None, payable: int = 100, open_amount: int = 100) -> Tag:
    return document_tag(status, today=TODAY, due_on=due_on, payable=payable, open_amount=open_amount)


def test_past_due_says_for_how_long() -> None:
    assert _tag("past_due", date(2026, 11, 19)).text == "Past due · 1 day"
    assert _tag("past_due", date(2026, 11, 8)) == Tag("bad", "alert", "Past due · 12 days")


def test_due_today_is_said_before_it_is_late() -> None:
    assert _tag("issued", TODAY).text == "Due today"
    assert _tag("issued", date(2026, 11, 21)).text == "Open"


@pytest.mark.parametrize(
    ("payable", "open_amount", "percent"), [(1000, 500, 50), (100_000, 99_999, 1), (100_000, 1, 99), (-100, -50, 50)]
)
def test_partly_paid_is_never_none_and_never_all(payable: int, open_amount: int, percent: int) -> None:
    assert paid_percent(payable, open_amount) == percent


def test_every_state_has_its_word() -> None:
    states = ["draft", "issued", "viewed", "open", "partially_paid", "paid", "written_off", "voided", "used",
              "approved", "declined", "expired", "invoiced"]  # fmt: skip
    for state in states:
        assert _tag(state, open_amount=50).shape != "square", f"{state} reads as it is stored"
