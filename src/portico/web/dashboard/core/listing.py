"""Lists of many rows: where one is in them, how they are sorted, which page is shown. All of it is in the URL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import F, Model, OrderBy, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from portico.lib.l10n import Formatter
from portico.lib.natural import natural_order
from portico.web.shared.download import local_csv
from portico.web.shared.table import Column, Pages, make_pager, page_count, sorting_column

PAGE_SIZE = 50
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Sort:
    """One way to sort: its name in the URL and the column's label."""

    name: str
    label: str
    numeric: bool = False
    classes: str = ""
    sortable: bool = True


class ListState:
    """The state of a list: its URL and the parameters that count there; everything else is dropped."""

    def __init__(self, base: str, parameters: Mapping[str, str]) -> None:
        self.base = base
        self.parameters = {name: value for name, value in parameters.items() if value}

    def url(self, **changes: str) -> str:
        """Return the URL with some parameters changed; an empty value drops one, and the first page is shown."""
        merged = {name: value for name, value in (self.parameters | {"page": ""} | changes).items() if value}
        return f"{self.base}?{urlencode(merged)}" if merged else self.base

    def columns(self, sorts: Sequence[Sort], current: str) -> list[Column]:
        """Return the headings; the current one turns round, another one sorts ascending."""
        return [self._column(sort, current) for sort in sorts]

    def _column(self, sort: Sort, current: str) -> Column:
        if not sort.sortable:
            return Column(sort.label, numeric=sort.numeric, classes=sort.classes)
        return sorting_column(
            sort.label,
            sort.name,
            current,
            lambda order: self.url(sort=order),
            numeric=sort.numeric,
            classes=sort.classes,
        )


@dataclass(frozen=True, slots=True)
class ListExports:
    """Where a list is downloaded as it is narrowed; `local_csv` is empty where plain CSV is what spreadsheets read."""

    xlsx: str
    csv: str
    local_csv: str


def list_exports(name: str, state: ListState) -> ListExports:
    """Return the downloads of the list whose addresses are `{name}_csv` and `{name}_xlsx`."""
    query = state.url().removeprefix(state.base)
    csv = reverse(f"{name}_csv") + query
    return ListExports(reverse(f"{name}_xlsx") + query, csv, local_csv(csv))


def chosen_sort(request: HttpRequest, names: Sequence[str], default: str) -> str:
    """Return the sort the URL asks for, `name` or `-name`, or the default for one that isn't offered."""
    wanted = request.GET.get("sort", "")
    return wanted if wanted.removeprefix("-") in names else default


def in_order[M: Model](rows: QuerySet[M], sort: str, fields: Mapping[str, Sequence[str]]) -> QuerySet[M]:
    """Sort rows by the columns a sort's name stands for; rows without a value come last, ties by key.

    Numbers are sorted as people count, and amounts by their currency first.
    """
    descending = sort.startswith("-")
    orders: list[OrderBy | str] = []
    for field in fields[sort.removeprefix("-")]:
        if field == "number":
            orders += natural_order(field, descending=descending)
        elif field == "currency":
            orders.append(F(field).asc())
        else:
            orders.append(F(field).desc(nulls_last=True) if descending else F(field).asc(nulls_last=True))
    return rows.order_by(*orders, "-pk" if descending else "pk")


def paginate[M: Model](
    request: HttpRequest, rows: QuerySet[M], fmt: Formatter, state: ListState, size: int = PAGE_SIZE
) -> tuple[list[M], Pages, int]:
    """Return the rows of the page the URL asks for, the pager, and how many rows there are. Two queries."""
    total = rows.count()
    asked = request.GET.get("page", "1")
    number = min(int(asked), page_count(total, size)) if asked.isdecimal() and len(asked) < 10 else 1
    number = max(1, number)
    pages = make_pager(number, total, size, lambda page: state.url(page=str(page)), fmt)
    return list(rows[(number - 1) * size : number * size]), pages, total


def parameters_of(request: HttpRequest, *names: str) -> dict[str, str]:
    """Return the named parameters of the URL that have a value, each cut at a sane length.

    No row holds the null character, and PostgreSQL refuses to look for it.
    """
    values = {name: request.GET.get(name, "").replace("\x00", "").strip()[:_LONGEST] for name in names}
    return {name: value for name, value in values.items() if value}
