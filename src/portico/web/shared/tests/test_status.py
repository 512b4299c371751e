"""A tag says the state in words that fit the day."""

from datetime import date
from uuid import UUID

import pytest

from portico.domain.documents.models import Kind, Lifecycle, Listed, Status
from portico.web.shared.status import Tag, document_tag, paid_percent, plain_tag

TODAY = date(2026, 11, 20)


def _tag(due_on: date | None = None, *, payable: int = 100, open_amount: int = 100) -> Tag:
    issued_on = date(2026, 10, 1)
    row = Listed(
        UUID(int=1), Kind.INVOICE, "INV-1", Lifecycle.ISSUED, issued_on, due_on, None, None, "EUR", payable,
        open_amount, 0, None, "",
    )  # fmt: skip
    return document_tag(row, TODAY)


def test_past_due_says_for_how_long() -> None:
    assert _tag(date(2026, 11, 19)).text == "Past due · 1 day"
    assert _tag(date(2026, 11, 8)) == Tag("bad", "alert", "Past due · 12 days")


def test_due_today_is_said_before_it_is_late() -> None:
    assert _tag(TODAY).text == "Due today"
    assert _tag(date(2026, 11, 21)).text == "Open"


def test_partly_paid_says_how_much() -> None:
    assert _tag(open_amount=25).text == "75% paid"


@pytest.mark.parametrize(
    ("payable", "open_amount", "percent"), [(1000, 500, 50), (100_000, 99_999, 1), (100_000, 1, 99), (-100, -50, 50)]
)
def test_partly_paid_is_never_none_and_never_all(payable: int, open_amount: int, percent: int) -> None:
    assert paid_percent(payable, open_amount) == percent


@pytest.mark.parametrize("state", [*Status, "succeeded", "refunded", "partially_refunded"])
def test_every_state_has_a_name_and_a_look(state: str) -> None:
    tag = plain_tag(state)
    assert tag.shape != "square"
    assert tag.text != state
