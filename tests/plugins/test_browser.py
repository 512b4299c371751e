"""The browser fixtures see what they are there to see."""

import pytest
from playwright.sync_api import Page, Route

from tests.plugins.browser import Axe, Complaints

_POLICY = "default-src 'none'; script-src 'nonce-good' 'strict-dynamic'; style-src 'nonce-good'"
_WHOLE = '<!doctype html><html lang="en"><title>Whole</title><main><h1>Whole</h1><p>Text</p></main>'
_SITE = "http://localhost"


def _serve(page: Page, body: str, *, status: int = 200) -> None:
    def answer(route: Route) -> None:
        headers = {"content-type": "text/html", "content-security-policy": _POLICY}
        route.fulfill(status=status, headers=headers, body=body)

    page.route(f"{_SITE}/**", answer)
    page.goto(f"{_SITE}/")


def _provoked(complaints: Complaints) -> list[str]:
    found = complaints.unexpected()
    complaints.found.clear()
    return found


def test_a_whole_page_is_fine(page: Page, complaints: Complaints, axe: Axe) -> None:
    _serve(page, _WHOLE)
    axe(page)
    assert not complaints.unexpected()


def test_a_refused_page_is_no_complaint(page: Page, complaints: Complaints) -> None:
    _serve(page, _WHOLE, status=404)
    assert not complaints.unexpected()


@pytest.mark.parametrize(
    ("part", "complaint"),
    [
        ("<script>document.title = 'no nonce'</script>", "Content Security Policy"),
        ("<p style='color: red'>x</p>", "Content Security Policy"),
        ("<script nonce='good'>console.error('from the page')</script>", "from the page"),
        ("<script nonce='good'>throw new Error('thrown by the page')</script>", "thrown by the page"),
    ],
)
def test_what_goes_wrong_is_heard(page: Page, complaints: Complaints, part: str, complaint: str) -> None:
    _serve(page, _WHOLE + part)
    assert any(complaint in text for text in _provoked(complaints))


def test_a_foreign_request_is_heard(page: Page, complaints: Complaints) -> None:
    page.route("http://tracker.example/**", lambda route: route.fulfill(body=""))
    page.goto("http://tracker.example/")
    assert _provoked(complaints) == ["foreign request: http://tracker.example/"]


def test_axe_finds_what_cannot_be_read(page: Page, axe: Axe) -> None:
    _serve(page, _WHOLE + "<button></button>")
    with pytest.raises(AssertionError, match="button-name"):
        axe(page)
    axe(page, without=["button-name"])
