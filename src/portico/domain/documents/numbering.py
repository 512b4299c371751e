"""How documents are numbered: a prefix, which may hold the year, and a number of at least so many digits."""

from dataclasses import dataclass

from portico.domain.businesses.models import Business
from portico.domain.documents.kinds import SPECS, Kind
from portico.domain.documents.models import Sequence

# What stands for the year of the day on which a number is taken.
YEAR, SHORT_YEAR = "{year}", "{yy}"


@dataclass(frozen=True, slots=True)
class Series:
    """The numbers of a kind of documents. A `yearly` series begins at 1 in every year."""

    kind: Kind
    prefix: str
    next_number: int = 1
    padding: int = 4
    yearly: bool = False

    def preview(self, year: int, count: int = 1) -> list[str]:
        """Return the next numbers, as they read in a year."""
        start = self.next_number
        return [written(self.prefix, number, self.padding, year) for number in range(start, start + count)]


def written(prefix: str, number: int, padding: int, year: int) -> str:
    """Return a number as it is given: `2026-0042` for 42 with the prefix `{year}-` and four digits."""
    return f"{prefix.replace(YEAR, str(year)).replace(SHORT_YEAR, f'{year % 100:02d}')}{number:0{padding}d}"


def names_year(prefix: str) -> bool:
    """Tell whether a prefix holds the year."""
    return YEAR in prefix or SHORT_YEAR in prefix


def number_series(business: Business) -> list[Series]:
    """Return how a business numbers each kind of its documents, also one that it has not written yet."""
    rows = {row.series: row for row in Sequence.objects.filter(business=business, series__in=list(SPECS))}
    year = business.today().year
    return [_series(Kind(kind), spec.number_prefix, rows.get(kind), year) for kind, spec in SPECS.items()]


def _series(kind: Kind, prefix: str, row: Sequence | None, year: int) -> Series:
    if row is None:
        return Series(kind, prefix)
    begins_anew = row.yearly and row.year != year
    return Series(kind, row.prefix, 1 if begins_anew else row.next_number, row.padding, row.yearly)
