"""Run as `python -m benchmarks.asking`: asks the installation that the environment names what people look for.

In one thread and without HTTP, letter by letter, among all documents of a business and those of one customer. Prints
the time of 50 and of 99 of 100 questions, and the longest, per shape of question: by the clock, and of the processor in
this process, which other work on the machine leaves alone, and which on SQLite is all there is.
"""

import os
import random
import sys
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.config.settings")
django.setup()

from benchmarks.datasets import BIG  # noqa: E402  # models can be imported only now
from portico.domain.access.models import PortalSession, Scope  # noqa: E402  # as above
from portico.domain.access.viewer import CustomerViewer, OperatorViewer  # noqa: E402  # as above
from portico.domain.businesses.models import Business  # noqa: E402  # as above
from portico.domain.customers.models import Customer  # noqa: E402  # as above
from portico.domain.documents.models import Document  # noqa: E402  # as above
from portico.domain.documents.queries import documents, listed  # noqa: E402  # as above
from portico.domain.documents.search import searched  # noqa: E402  # as above
from portico.domain.payments.search import search  # noqa: E402  # as above

type _Times = tuple[float, float]

_ROUNDS = 60
_MOST = 5
_PAGE = 25
_SEED = 20_261_130
_SEEN = 2000
_NAMES = ("Söhne", "cafe elan", "łąka", "bakery", "press", "c-0123")


def main() -> None:
    """Ask everything once, and print how long it took."""
    business = Business.objects.get()
    staff = OperatorViewer(business)
    big = Customer.objects.get(external_id=BIG)
    viewer = CustomerViewer(business, big, PortalSession(customer=big, scope=Scope.ACCOUNT))
    rows = Document.objects.values_list("number", "payable")

    def page(query: str) -> None:
        found = searched(documents(viewer).filter(kind="invoice"), viewer, query)
        found.count()
        listed(found.order_by("-issued_on", "-id")[:_PAGE])

    _measure("staff's box", lambda query: search(staff, query, _MOST), list(rows[:_SEEN]))
    _measure("portal, 10,000 invoices", page, list(rows.filter(customer=big)[:_SEEN]))


def _measure(where: str, ask: Callable[[str], object], rows: list[tuple[str, int]]) -> None:
    every: list[_Times] = []
    for shape, queries in questions(rows).items():
        times = [_timed(ask, query) for query in queries]
        every += times
        _print(f"| {where}: {shape} | {len(times)} | {_figures(times)} |")
    _print(f"| {where}: all | {len(every)} | {_figures(every)} |")


def questions(rows: list[tuple[str, int]]) -> dict[str, list[str]]:
    """Return what is asked, by its shape: the same every time."""
    rng = random.Random(_SEED)
    shapes: dict[str, list[str]] = {
        "number, letter by letter": [], "inv 739": [], "amount": [], "name": [], "name and number": [],
        "common words": ["inv", "in", "i", "1", "c", "example", "nordlicht", "inv 1", "inv 2 3"] * 6, "nothing": [],
    }  # fmt: skip
    for _ in range(_ROUNDS):
        number, minor = rng.choice(rows)
        shapes["number, letter by letter"] += [number[:length] for length in range(1, len(number) + 1)]
        shapes["inv 739"].append(f"inv {number[4:]}")
        shapes["amount"].append(f"{minor // 100:,}.{minor % 100:02d}".translate(str.maketrans(",.", ".,")))
        shapes["name"].append(
            rng.choice(["Söhne", "cafe elan", "łąka", "bakery", "press", f"c-{rng.randrange(19800):05d}"])
        )
        shapes["name and number"].append(f"nordlicht {number[4:-2]}")
        shapes["nothing"].append(f"zq{rng.randrange(10**6)}")
    return shapes


def _timed(ask: Callable[[str], object], query: str) -> _Times:
    start, used = time.perf_counter(), time.process_time()
    ask(query)
    return (time.perf_counter() - start) * 1000, (time.process_time() - used) * 1000


def _figures(times: list[_Times]) -> str:
    return " | ".join(_spread(list(column)) for column in zip(*times, strict=True))


def _spread(times: list[float]) -> str:
    ordered = sorted(times)
    p50, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0.5, 0.99))
    return f"{p50:.1f} · {p99:.1f} · {ordered[-1]:.1f}"


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
