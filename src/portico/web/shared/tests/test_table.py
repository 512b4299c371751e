"""The pager tells where one is and where one can go."""

from portico.lib.l10n import formatter
from portico.web.shared.table import make_pager, page_count

EN = formatter("en")


def _url(number: int) -> str:
    return f"?page={number}"


def test_the_middle_of_a_long_list() -> None:
    pages = make_pager(5, 2000, 25, _url, EN)
    assert pages.text == "101–125 of 2,000"
    assert [number.label for number in pages.numbers] == ["1", "…", "4", "5", "6", "…", "80"]
    assert (pages.previous_url, pages.next_url) == ("?page=4", "?page=6")


def test_the_ends_have_no_neighbour() -> None:
    assert make_pager(1, 26, 25, _url, EN).previous_url == ""
    last = make_pager(2, 26, 25, _url, EN)
    assert last.next_url == ""
    assert last.text == "26–26 of 26"


def test_an_empty_list_has_one_page() -> None:
    assert page_count(0, 25) == 1
    assert make_pager(1, 0, 25, _url, EN).text == "0–0 of 0"
