"""Pictures say what their tables say."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from portico.lib.l10n import formatter
from portico.output.wording.ageing import bucket_label
from portico.web.shared.charts import ageing_bar, year_bars

EN = formatter("en")
NAMES = ["current", "1_30", "31_60", "61_90", "91_plus", "unapplied"]


def test_an_ageing_bar_shows_what_is_owed_and_lists_everything() -> None:
    bar = ageing_bar(list(zip(NAMES, [5000, 2500, 0, 0, 2500, -1000], strict=True)), "EUR", EN)
    assert [segment.tone for segment in bar.segments] == [0, 1, 4]
    assert [row.label for row in bar.rows] == [bucket_label(name) for name in NAMES]
    assert [row.tone for row in bar.rows] == [0, 1, 2, 3, 4, None]
    assert [row.text for row in bar.rows][-1] == "-€10.00"
    assert bar.total == "€90.00"


def test_an_account_without_debts_has_an_empty_bar() -> None:
    bar = ageing_bar([(name, 0) for name in NAMES], "JPY", EN)
    assert bar.segments == []
    assert len(bar.rows) == 5
    assert bar.total == "JP¥0"


@given(st.lists(st.integers(-(10**15), 10**15), min_size=6, max_size=6))
def test_segments_fill_the_bar_exactly_and_never_overlap(amounts: list[int]) -> None:
    segments = ageing_bar(list(zip(NAMES, amounts, strict=True)), "EUR", EN).segments
    assert all(segment.width >= 8 for segment in segments)
    for left, right in pairwise(segments):
        assert left.start + left.width < right.start
    if segments:
        assert segments[0].start == 0
        assert segments[-1].start + segments[-1].width == 1000


def test_a_year_of_bars_stands_on_its_line() -> None:
    months = [(date(2025, month, 1), month * 100, 1 if month == 12 else 0) for month in range(1, 13)]
    bars = year_bars(months, "EUR", EN).bars
    assert len(bars) == 12
    assert bars[0].month == "January 2025"
    assert all(bar.paid_y + bar.paid_height == 55 for bar in bars)
    assert bars[-1].open_y + bars[-1].open_height == bars[-1].paid_y
    assert bars[-1].open_height == 2
    assert bars[-1].open_text == "€0.01"
