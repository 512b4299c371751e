"""How payments cover the instalments of a plan."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portico.domain.documents.models import Instalment
from portico.domain.documents.plans import Interval, PartState, amounts_left, days_from, equal_parts, parts_of

_FIRST = date(2026, 12, 1)

_AMOUNTS = st.lists(st.integers(1, 10**9), min_size=1, max_size=20)


def _rows(amounts: list[int]) -> list[Instalment]:
    left = amounts_left(amounts)
    return [
        Instalment(due_on=_FIRST + timedelta(days=index), amount=amount, open_after=after)
        for index, (amount, after) in enumerate(zip(amounts, left, strict=True))
    ]


@given(_AMOUNTS, st.data())
def test_instalments_are_covered_in_order_by_what_is_paid(amounts: list[int], data: st.DataObject) -> None:
    total = sum(amounts)
    paid = data.draw(st.integers(0, total))
    parts = parts_of(_rows(amounts), total - paid)
    covered = [part.amount - part.left for part in parts]
    assert sum(part.left for part in parts) == total - paid
    assert sum(covered) == paid
    assert all(0 <= part.left <= part.amount for part in parts)
    # Nothing is paid of an instalment before those ahead of it are.
    begun = [index for index, amount in enumerate(covered) if amount]
    assert all(parts[index].left == 0 for index in range(begun[-1])) if begun else True


@given(_AMOUNTS, st.integers(0, 10**9))
def test_what_comes_back_beyond_the_plan_is_due_with_the_first(amounts: list[int], beyond: int) -> None:
    parts = parts_of(_rows(amounts), sum(amounts) + beyond)
    assert [part.left for part in parts] == [amounts[0] + beyond, *amounts[1:]]


def test_state_of_instalments_on_a_day() -> None:
    parts = parts_of(_rows([100, 100, 100, 100]), 300)
    states = [part.state(_FIRST + timedelta(days=2)) for part in parts]
    assert states == [PartState.PAID, PartState.MISSED, PartState.DUE, PartState.UPCOMING]


@given(st.integers(1, 10**9), st.integers(1, 60))
def test_equal_parts_come_to_the_total(total: int, number: int) -> None:
    parts = equal_parts(total, number)
    assert (len(parts), sum(parts)) == (number, total)
    assert len(set(parts[:-1])) <= 1


def test_days_are_apart_as_wanted() -> None:
    assert days_from(_FIRST, 3, Interval.WEEK) == [date(2026, 12, day) for day in (1, 8, 15)]
    assert days_from(_FIRST, 2, Interval.TWO_WEEKS) == [date(2026, 12, day) for day in (1, 15)]
    ends = days_from(date(2026, 12, 31), 4, Interval.MONTH)
    assert ends == [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]
