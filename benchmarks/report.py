"""The figures as Markdown, each beside its floor and its budget."""

import statistics
from collections.abc import Iterable, Sequence

from benchmarks.exports import Export
from benchmarks.figures import Figures, PageFigures
from benchmarks.serving import WORKERS
from benchmarks.wrk import CONNECTIONS, Load

_P99_TIMES = 3.0
_UNCHANGED_TIMES = 5.0
_GROWTH_TIMES = 1.2
_STATEMENT_TIMES = 5.0
_PLAIN_TIMES = 0.9
_LIST_BYTES = 20_000
_PDF_RATE = 40.0
_PDF_MILLISECONDS = {1: 10.0, 2: 20.0}
_PDF_BYTES = 60_000
_MEGABYTES = 200.0
_PAGE_BYTES = 15_000
_ASSET_BYTES = 40_000
_START_SECONDS = 3.0
_EXPORT_GROWTH = 30.0
_EXPORT_RATE = 20_000.0

# Data sets whose pages are compared with the small one's.
_LARGE = ("100k", "1m")

type Row = Sequence[str]


def markdown(figures: Sequence[Figures], exports: dict[str, Export], machine: str) -> str:
    """Return the whole report."""
    parts = [
        f"{machine}; {WORKERS} web processes, wrk with {CONNECTIONS} connections on the same machine, medians.",
        _table(
            ("page", "data", "database", "anew/s", "p50, p99 ms", "304/s", "errors", "kB",
             "queries", "SQL alone", "missed"),
            (_page(page, found) for found in figures for page in found.pages),
        ),
        _table(("what", "data", "database", "measured", "budget", ""), _facts(figures, exports)),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _page(page: PageFigures, found: Figures) -> Row:
    return (
        page.name if page.customer == "regular" else f"{page.name}, {page.customer} customer",
        found.data_set, found.database,
        *_load(page.anew), f"{page.unchanged.rate:,.0f}" if page.unchanged else "–", str(_errors(page)),
        f"{page.compressed / 1000:.1f}", "{} / {}".format(*page.queries), f"{page.asking.rate:,.0f}",
        ", ".join(_missed(page)) or "–",
    )  # fmt: skip


def _errors(page: PageFigures) -> int:
    return page.anew.errors + (page.unchanged.errors if page.unchanged else 0)


def _load(load: Load) -> Row:
    return f"{load.rate:,.0f}", f"{load.p50:.1f}, {load.p99:.1f}"


def _missed(page: PageFigures) -> list[str]:
    budget, checks = page.budget, {}
    checks[f"p99 {_P99_TIMES:.0f} × p50"] = page.anew.p99 <= _P99_TIMES * page.anew.p50
    checks[f"{budget.queries} queries"] = page.queries[0] <= budget.queries
    if page.unchanged:
        checks[f"304 {_UNCHANGED_TIMES:.0f}×"] = page.unchanged.rate >= _UNCHANGED_TIMES * page.anew.rate
    checks[f"{_PAGE_BYTES / 1000:.0f} kB"] = page.compressed <= _PAGE_BYTES
    checks["no errors"] = not _errors(page)
    return [name for name, holds in checks.items() if not holds]


def _facts(figures: Sequence[Figures], exports: dict[str, Export]) -> list[Row]:
    rows: list[Row] = []
    for found in figures:
        where = (found.data_set, found.database)
        pdfs = found.pdfs
        rows.append(("bare server", *where, f"{found.bare.rate:,.0f} req/s", "", ""))
        rows += _beside_plain(found, where)
        for pages, most in _PDF_MILLISECONDS.items():
            text = f"{pdfs.wall[pages]:.1f} ms, {pdfs.size[pages] / 1000:.0f} kB"
            holds = pdfs.wall[pages] <= most and pdfs.size[pages] <= _PDF_BYTES
            rows.append(
                (f"PDF of {pages} page{'s' * (pages > 1)}", *where, text, f"{most:.0f} ms, 60 kB", _said(holds))
            )
        done = found.confirmations
        text = f"{done.count / done.seconds:.0f} per second, p50 {done.p50:.0f} ms, p99 {done.p99:.0f} ms"
        rows.append(("payments confirmed by webhooks", *where, text, "", ""))
        rate = 1000 / pdfs.processor[1]
        rows += [
            ("PDFs per second and core", *where, f"{rate:.0f}", f"{_PDF_RATE:.0f}", _said(rate >= _PDF_RATE)),
            ("new PDFs through HTTP", *where, f"{pdfs.fresh:.0f} req/s", "", ""),
            ("the same PDF again", *where, f"{pdfs.kept.rate:,.0f} req/s", "", ""),
            _at_most("page, styles and scripts, never seen", where, found.first_load.size / 1000, 60, "kB"),
            _at_most("styles and scripts alone", where, found.first_load.assets / 1000, _ASSET_BYTES / 1000, "kB"),
            _at_most("requests for it", where, found.first_load.requests, 5, ""),
            _at_most("start", where, found.started_in, _START_SECONDS, "s"),
            _at_most("memory, all processes, idle", where, found.idle, _MEGABYTES, "MB"),
            _at_most("memory, all processes, after the load", where, found.busy, _MEGABYTES, "MB"),
        ]
    rows += _growth(figures)
    for database, export in exports.items():
        where = (f"{export.rows:,} rows", database)
        rows += [
            ("CSV, first byte", *where, f"{export.first_byte * 1000:.0f} ms", "at once", ""),
            ("CSV, rows per second", *where, f"{export.rows / export.seconds:,.0f}", f"{_EXPORT_RATE:,.0f}",
             _said(export.rows / export.seconds >= _EXPORT_RATE)),
            _at_most("CSV, memory it takes", where, export.growth, _EXPORT_GROWTH, "MB"),
        ]  # fmt: skip
    return rows


def _beside_plain(found: Figures, where: tuple[str, str]) -> list[Row]:
    """The list beside the plain Django page: the median of the rounds' ratios, with the least and the most."""
    ratios = found.plain.ratios
    ratio = statistics.median(ratios)
    text = f"{ratio:.2f} × ({ratios[0]:.2f} to {ratios[-1]:.2f})"
    sizes = f"{found.plain.our_size / 1000:.1f} kB beside {found.plain.size / 1000:.1f}"
    return [
        (
            "Activity made anew ÷ a plain Django page of it",
            *where,
            text,
            f"{_PLAIN_TIMES} ×",
            _said(ratio >= _PLAIN_TIMES),
        ),
        ("HTML of Activity", *where, sizes, f"{_LIST_BYTES / 1000:.0f} kB", _said(found.plain.our_size <= _LIST_BYTES)),
    ]


def _growth(figures: Sequence[Figures]) -> list[Row]:
    """Compare the same page on the small and on the large data set, and the short statement with the long one."""
    rates = {
        (found.database, found.data_set, page.name, page.customer): page.anew.rate
        for found in figures
        for page in found.pages
    }
    rows = []
    for (database, data_set, name, customer), rate in rates.items():
        if data_set not in _LARGE:
            continue
        if before := rates.get((database, "10k", name, customer)):
            rows.append(_at_most(f"{name}, against 10k", (data_set, database), before / rate, _GROWTH_TIMES, "×"))
        if customer == "huge" and (short := rates.get((database, data_set, name, "regular"))):
            rows.append(
                _at_most(
                    f"{name}, 25,000 entries against 250", (data_set, database), short / rate, _STATEMENT_TIMES, "×"
                )
            )
    return rows


def _at_most(what: str, where: tuple[str, str], value: float, most: float, unit: str) -> Row:
    digits = 0 if value >= 20 or not unit else 1
    return what, *where, f"{value:.{digits}f} {unit}".strip(), f"{most:g} {unit}".strip(), _said(value <= most)


def _said(holds: bool) -> str:
    return "met" if holds else "missed"


def _table(header: Row, rows: Iterable[Row]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
