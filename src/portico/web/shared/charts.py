"""Numbers made into the simple shapes that `macros/chart.html` draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portico.lib.l10n import Formatter
from portico.lib.money import allocate
from portico.output.wording.ageing import bucket_label

_WIDTH = 1000
_GAP = 4
# The last colour of the scale; more buckets than colours share it.
_LAST_TONE = 4
_HEIGHT = 52
_FLOOR = 55
_STEP = 22


@dataclass(frozen=True, slots=True)
class Segment:
    tone: int
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class AgeingRow:
    label: str
    text: str
    zero: bool
    tone: int | None


@dataclass(frozen=True, slots=True)
class AgeingBar:
    """One currency's ageing: segments of a bar 1000 wide, and the same as labelled amounts with their total."""

    segments: list[Segment]
    rows: list[AgeingRow]
    total: str


def ageing_bar(columns: Sequence[tuple[str, int]], currency: str, fmt: Formatter) -> AgeingBar:
    """Draw ageing columns `(name, minor units)` in order: `current`, `1_30`, …, `91_plus`, `unapplied`.

    Only what is owed has a segment; credits stand in the table alone. The unapplied row is left out when there is none.
    """
    owed = [(index, amount) for index, (name, amount) in enumerate(columns) if amount > 0 and name != "unapplied"]
    segments = []
    if owed:
        start = 0
        room = _WIDTH - _GAP * (len(owed) - 1) - 8 * len(owed)
        for (index, _amount), share in zip(owed, allocate(room, [amount for _, amount in owed]), strict=True):
            segments.append(Segment(min(index, _LAST_TONE), start, share + 8))
            start += share + 8 + _GAP
    rows = [
        AgeingRow(
            bucket_label(name),
            fmt.money(amount, currency),
            amount == 0,
            None if name == "unapplied" else min(index, _LAST_TONE),
        )
        for index, (name, amount) in enumerate(columns)
        if amount or name != "unapplied"
    ]
    return AgeingBar(segments, rows, fmt.money(sum(amount for _name, amount in columns), currency))


@dataclass(frozen=True, slots=True)
class MonthBar:
    month: str
    short: str
    x: int
    paid_y: int
    paid_height: int
    open_y: int
    open_height: int
    paid_text: str
    open_text: str


@dataclass(frozen=True, slots=True)
class YearBars:
    """Twelve months of invoices in one currency: what of them is paid and what is open."""

    bars: list[MonthBar]


def year_bars(months: Sequence[tuple[date, int, int]], currency: str, fmt: Formatter) -> YearBars:
    """Draw `(first day of the month, paid, open)` in minor units, oldest first; negative amounts have no bar."""
    tallest = max((max(paid, 0) + max(left, 0) for _month, paid, left in months), default=0)
    bars = []
    for position, (month, paid, left) in enumerate(months):
        paid_height, open_height = _height(paid, tallest), _height(left, tallest)
        bars.append(
            MonthBar(
                month=fmt.month(month),
                short=fmt.month(month),
                x=3 + position * _STEP,
                paid_y=_FLOOR - paid_height,
                paid_height=paid_height,
                open_y=_FLOOR - paid_height - open_height,
                open_height=open_height,
                paid_text=fmt.money(paid, currency),
                open_text=fmt.money(left, currency),
            )
        )
    return YearBars(bars)


def _height(amount: int, tallest: int) -> int:
    """A bar is at least two units tall as soon as there is anything to show."""
    return max(2, amount * _HEIGHT // tallest) if amount > 0 else 0
