"""What is measured, as numbers."""

from dataclasses import dataclass

from benchmarks.pages import Budget
from benchmarks.wrk import Load


@dataclass(frozen=True, slots=True)
class PageFigures:
    """A page as one customer sees it: rendered for every request, and unchanged in the browser that may keep it.

    `asking` is its queries alone. `queries` are those of the first request and of the next.
    """

    name: str
    customer: str
    budget: Budget
    anew: Load
    unchanged: Load | None
    asking: Load
    queries: tuple[int, int]
    size: int
    compressed: int


@dataclass(frozen=True, slots=True)
class PdfFigures:
    """Milliseconds and bytes of the generator alone, by number of pages; requests per second through HTTP."""

    wall: dict[int, float]
    processor: dict[int, float]
    size: dict[int, float]
    fresh: float
    kept: Load


@dataclass(frozen=True, slots=True)
class Confirmations:
    """Webhooks that each confirmed a payment: how many, the seconds of all, milliseconds of the middle and the 99th."""

    count: int
    seconds: float
    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class Plain:
    """The list of a plain Django + Jinja2 page beside ours: our rate divided by its, by round, and bytes of HTML."""

    ratios: list[float]
    size: int
    our_size: int


@dataclass(frozen=True, slots=True)
class FirstLoad:
    """What a browser loads for a page it has never seen: compressed bytes, those of styles and scripts, requests."""

    size: int
    assets: int
    requests: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything of one data set on one database. `idle` and `busy` are megabytes before and after the load."""

    data_set: str
    database: str
    bare: Load
    pages: list[PageFigures]
    plain: Plain
    pdfs: PdfFigures
    confirmations: Confirmations
    first_load: FirstLoad
    started_in: float
    idle: float
    busy: float
