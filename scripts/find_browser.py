"""Print the path of a Chromium that starts, installing one when there is none.

In this order: PORTICO_TEST_BROWSER, an installed Chromium or Chrome, Playwright's own, the system's package manager.
What is done on the way goes to standard error; without a working browser the exit status is 1.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
_START_SECONDS = 60


def main() -> int:
    """Print the first browser that starts."""
    for place in (_named, _installed, _playwright, _playwright_installed, _packaged):
        for path in place():
            if _starts(path):
                print(path)
                return 0
    _say("No Chromium could be found or installed. Install one, or set PORTICO_TEST_BROWSER to its path.")
    return 1


def _named() -> Iterator[str]:
    path = os.environ.get("PORTICO_TEST_BROWSER")
    if path:
        yield path


def _installed() -> Iterator[str]:
    for name in (*_NAMES, _MAC):
        path = shutil.which(name)
        if path:
            yield path


def _playwright() -> Iterator[str]:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if Path(path).exists():
        yield path


def _playwright_installed() -> Iterator[str]:
    _say("There is no Chromium here: asking Playwright for one.")
    if _run([sys.executable, "-m", "playwright", "install", "chromium"]):
        yield from _playwright()


def _packaged() -> Iterator[str]:
    if not shutil.which("apt-get"):
        return
    _say("Asking the system's package manager for Chromium.")
    become: list[str] = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if _run([*become, "apt-get", "update"]) and _run([*become, "apt-get", "install", "--yes", "chromium"]):
        yield from _installed()


def _starts(path: str) -> bool:
    """Tell whether a browser shows a page. Some distributions install a `chromium` that only says where to get it."""
    command = [path, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--dump-dom", "about:blank"]
    return _run(command, seconds=_START_SECONDS)


def _run(command: list[str], *, seconds: int | None = None) -> bool:
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds)
    except (OSError, subprocess.TimeoutExpired) as error:
        _say(f"{command[0]}: {error}")
        return False
    if done.returncode:
        _say("\n".join(done.stderr.strip().splitlines()[-5:]))
    return done.returncode == 0


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
