"""The pages that are measured, and what each may cost."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.visiting import Visitor, first_match
from portico.lib.clock import today

_INVOICE = r"/portal/[\w-]+/invoices/inv_[0-9a-z]{26}(?=[\"?#])"


@dataclass(frozen=True, slots=True)
class Budget:
    """What a page may cost: at most so many queries, whatever the number of rows."""

    queries: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the portal; `address` finds its path for a visitor of a business."""

    name: str
    address: Callable[[Visitor, str], str]
    budget: Budget


def _home(visitor: Visitor, portal: str) -> str:
    return portal


def _activity(visitor: Visitor, portal: str) -> str:
    return f"{portal}activity/invoices"


def invoice(visitor: Visitor, portal: str) -> str:
    """Return the path of the customer's newest invoice."""
    return first_match(visitor, _activity(visitor, portal), _INVOICE)


def whole_statement(visitor: Visitor, portal: str) -> str:
    """Return the path of a statement over everything the data sets hold."""
    end = today("Europe/Berlin")
    return f"{portal}statements?start={end.year - 2}-{end.month:02d}-01&end={end}"


def _pay(visitor: Visitor, portal: str) -> str:
    return f"{portal}pay"


PAGES = (
    Page("home", _home, Budget(10)),
    Page("Activity", _activity, Budget(6)),
    Page("invoice", invoice, Budget(8)),
    Page("statement", whole_statement, Budget(6)),
    Page("pay", _pay, Budget(10)),
)
