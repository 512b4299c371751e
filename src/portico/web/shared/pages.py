"""Numbered pages of a long list, each page a URL."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portico.lib.l10n import Formatter


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
