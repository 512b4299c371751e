"""A real browser: one Chromium per worker, a fresh context per test, and pages that must not complain.

A test that takes `page` or `new_page` is marked `browser`. It fails when a page wrote an error to the console (a breach
of the Content Security Policy is one), raised, or asked a host other than ours for anything.
"""

import os
import re
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Frame,
    Page,
    Request,
    Response,
    sync_playwright,
)

# As root and in containers Chromium's own sandbox cannot start; the rest keeps it quiet and off the network.
BROWSER_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

_OWN_HOSTS = re.compile(r"(^|\.)localhost$|^127\.\d+\.\d+\.\d+$|^\[?::1\]?$")
_AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that takes a browser."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def browser_path() -> str:
    """Return the Chromium to drive: `PORTICO_TEST_BROWSER`, or one that is installed. Fails the test when none is."""
    named = os.environ.get("PORTICO_TEST_BROWSER")
    found = next((path for name in BROWSER_NAMES if (path := shutil.which(name))), None)
    path = named or found
    if path is None or not os.access(path, os.X_OK):
        pytest.fail("There is no Chromium: run `make browser`, or set PORTICO_TEST_BROWSER to one.", pytrace=False)
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of this worker."""
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_path(), args=BROWSER_FLAGS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@dataclass
class Complaints:
    """What the pages of one test complained about; a test may `allow` what it provokes."""

    found: list[str] = field(default_factory=list)
    allowed: list[re.Pattern[str]] = field(default_factory=list)
    pages_asked: set[str] = field(default_factory=set)

    def allow(self, pattern: str) -> None:
        """Expect complaints matching a regular expression."""
        self.allowed.append(re.compile(pattern))

    def unexpected(self) -> list[str]:
        """Return what nobody expected, in the order it came."""
        return [text for text in self.found if not any(pattern.search(text) for pattern in self.allowed)]

    def watch(self, page: Page) -> None:
        """Listen to a page from now on."""
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.found.append(f"script error on {page.url}: {error}"))
        page.on("request", self._on_request)
        page.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        # Chromium reports a page that itself answers 403 or 404 in the console; the test asserts its status anyway.
        is_page = message.location.get("url") in self.pages_asked
        if message.type == "error" and not (is_page and message.text.startswith("Failed to load resource")):
            self.found.append(f"console error on {message.location.get('url')}: {message.text}")

    def _on_request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in {"http", "https"} and not _OWN_HOSTS.search(url.hostname or ""):
            self.found.append(f"foreign request: {request.url}")

    def _on_response(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.pages_asked.add(response.url)


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """What this test's pages complain about; unexpected ones fail it at its end."""
    complaints = Complaints()
    yield complaints
    unexpected = complaints.unexpected()
    if unexpected:
        pytest.fail("The pages complained:\n" + "\n".join(unexpected), pytrace=False)


class NewPage(Protocol):
    """Opens a page in a context of its own; the options are those of Playwright's `Browser.new_context`."""

    def __call__(self, **options: Any) -> Page: ...


@pytest.fixture
def new_page(browser: Browser, complaints: Complaints) -> Iterator[NewPage]:
    """Open pages that share nothing: `new_page(viewport={…}, color_scheme="dark", java_script_enabled=False, …)`."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> Page:
        context = browser.new_context(**({"locale": "en-GB", "viewport": {"width": 1280, "height": 900}} | options))
        context.set_default_timeout(15_000)
        contexts.append(context)
        context.on("page", complaints.watch)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page on a wide screen, in English, light."""
    return new_page()


class Axe(Protocol):
    """Asserts that axe finds nothing wrong with a page, in light and in dark, but for rules that it is no page for.

    It takes what a frame shows for a page of its own.
    """

    def __call__(self, shown: Page | Frame, *, without: Collection[str] = ()) -> None: ...


@pytest.fixture
def axe() -> Axe:
    """Look at pages with axe: `axe(page)`, or `axe(page, without=["region"])`."""

    def check(shown: Page | Frame, *, without: Collection[str] = ()) -> None:
        page = shown.page if isinstance(shown, Frame) else shown
        # Evaluated through the debugger, so the page's Content Security Policy holds while it is looked at.
        shown.evaluate(AXE_SCRIPT)
        options = {
            "resultTypes": ["violations"],
            "runOnly": _AXE_TAGS,
            "rules": {rule: {"enabled": False} for rule in without},
        }
        reports = []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            result = shown.evaluate("options => axe.run(options)", options)
            reports += [_describe(scheme, violation) for violation in result["violations"]]
        page.emulate_media(color_scheme="null", reduced_motion="null")
        assert not reports, f"axe on {shown.url}:\n" + "\n".join(reports)

    return check


def _describe(scheme: str, violation: dict[str, Any]) -> str:
    places = [f"    {node['target']} {node['html']}\n    {node['failureSummary']}" for node in violation["nodes"]]
    return "\n".join([f"{violation['id']} ({scheme}, {violation['impact']}): {violation['help']}", *places])
