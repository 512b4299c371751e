"""Parts of lists: tabs, headings that sort, and numbered pages. All of their state is in URLs."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portico.lib.l10n import Formatter


@dataclass(frozen=True, slots=True)
class Tab:
    """What the `tab_links` macro shows; `count` is empty where nothing is counted."""

    label: str
    url: str
    current: bool
    count: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """What the `heading` macro shows: `url` sorts by it, `direction` says how the list is sorted by it now."""

    label: str
    url: str = ""
    direction: str = ""
    numeric: bool = False
    classes: str = ""


def sorting_column(
    label: str,
    name: str,
    current: str,
    url: Callable[[str], str],
    *,
    numeric: bool = False,
    classes: str = "",
    descends: bool = False,
) -> Column:
    """Return a heading that sorts by `name`, or the other way when that is the `current` order (`name` or `-name`).

    `url` gives the URL of an order; `descends` says which comes first.
    """
    up, down = current == name, current == f"-{name}"
    other = f"-{name}" if up or (descends and not down) else name
    return Column(label, url(other), "ascending" if up else "descending" if down else "", numeric, classes)


@dataclass(frozen=True, slots=True)
class PageLink:
    """A number in the pager, or a gap between numbers. `far` ones are left out on a phone."""

    label: str
    url: str
    current: bool = False
    gap: bool = False
    far: bool = False


@dataclass(frozen=True, slots=True)
class Pages:
    """What the pager shows: the range in words, the numbers, and the neighbours (empty at the ends)."""

    text: str
    numbers: list[PageLink]
    previous_url: str
    next_url: str


def page_count(total: int, size: int) -> int:
    """Return how many pages `total` rows fill; an empty list still has its first page."""
    return max(1, -(-total // size))


def make_pager(number: int, total: int, size: int, url: Callable[[int], str], fmt: Formatter) -> Pages:
    """Describe page `number` (from 1) of `total` rows; `url` gives the address of a page number."""
    last = page_count(total, size)
    first_row = (number - 1) * size + 1 if total else 0
    text = _("%(first)s–%(last)s of %(total)s") % {
        "first": fmt.number(first_row),
        "last": fmt.number(min(number * size, total)),
        "total": fmt.number(total),
    }
    shown = sorted({1, last, *range(max(1, number - 1), min(last, number + 1) + 1)})
    numbers: list[PageLink] = []
    previous = 0
    for shown_number in shown:
        if shown_number - previous > 1:
            numbers.append(PageLink("…", "", gap=True))
        numbers.append(
            PageLink(
                fmt.number(shown_number),
                url(shown_number),
                current=shown_number == number,
                far=abs(shown_number - number) > 1,
            )
        )
        previous = shown_number
    return Pages(text, numbers, url(number - 1) if number > 1 else "", url(number + 1) if number < last else "")
