"""A Firefox as it is installed, driven by WebDriver BiDi, which it speaks: Playwright drives only one of its own."""

import json
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.server import free_port

NAMES = ("firefox-esr", "firefox")
_WITHIN = 60


def firefox_path() -> str | None:
    """Return the Firefox of this machine, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Firefox:
    """A window of a Firefox. `frame` is the page in the first frame of its page."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection, self._last = connection, 0
        self.ask("session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})
        self.window = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and return its result; events meanwhile are not for us."""
        self._last += 1
        self._connection.send(json.dumps({"id": self._last, "method": method, "params": params}))
        while True:
            answer = json.loads(self._connection.recv(timeout=_WITHIN))
            if answer.get("id") == self._last:
                assert answer["type"] == "success", answer
                return dict(answer["result"])

    def goto(self, url: str) -> None:
        """Go to a page, and wait for it."""
        self.ask("browsingContext.navigate", context=self.window, url=url, wait="complete")

    def frame(self) -> str:
        """Return the context of the first frame."""
        tree = self.ask("browsingContext.getTree", root=self.window)
        return str(tree["contexts"][0]["children"][0]["context"])

    def run(self, code: str) -> Any:
        """Return what an expression is in the frame: a text, a number, a flag, or None."""
        target = {"context": self.frame()}
        done = self.ask("script.evaluate", expression=code, target=target, awaitPromise=True)
        return done.get("result", {}).get("value")

    def until(self, code: str) -> None:
        """Wait until an expression holds in the frame, over pages that come and go."""

        def holds() -> bool:
            try:
                return bool(self.run(code))
            except (AssertionError, IndexError, KeyError):
                return False

        self.until_here(holds, code)

    def until_here(self, holds: Callable[[], bool], what: str = "") -> None:
        """Wait until something holds on this side."""
        end, pause = time.monotonic() + _WITHIN, threading.Event()
        while not holds():
            assert time.monotonic() < end, f"{what}: {self.run('document.body.innerText')}"
            pause.wait(0.2)

    def click(self, selector: str) -> None:
        """Click on an element of the frame as soon as it is there."""
        found = f"document.querySelector({json.dumps(selector)})"
        self.until(f"{found} !== null")
        self.run(f"{found}.click()")


@contextmanager
def open_firefox(folder: Path, **preferences: Any) -> Iterator[Firefox]:
    """Open one with a profile of its own, which saves files in `folder`."""
    program = firefox_path()
    assert program is not None
    chosen = {
        "browser.download.folderList": 2,
        "browser.download.dir": str(folder),
        "browser.download.alwaysOpenPanel": False,
        "pdfjs.disabled": True,
        "browser.helperApps.neverAsk.saveToDisk": "application/pdf",
        **preferences,
    }
    profile = folder / "profile"
    profile.mkdir()
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in chosen.items()]
    (profile / "user.js").write_text("\n".join(lines))
    port = free_port()
    words = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", str(port)]
    with (folder / "firefox.log").open("w") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log)
    try:
        with _connected(port, process) as connection:
            yield Firefox(connection)
    finally:
        process.terminate()
        process.wait(30)


def _connected(port: int, process: subprocess.Popen[bytes]) -> ClientConnection:
    end, pause = time.monotonic() + _WITHIN, threading.Event()
    while True:
        assert process.poll() is None, "Firefox does not start"
        try:
            return connect(f"ws://127.0.0.1:{port}/session", max_size=None, open_timeout=_WITHIN)
        except OSError:
            assert time.monotonic() < end, "Firefox does not answer"
            pause.wait(0.2)
