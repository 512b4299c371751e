"""A server that is paid through, with everything beside it: its database, the bank, a mail server, a clerk."""

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, override

import httpx

from tests.faults import places
from tests.faults.bank import FaultyBank
from tests.faults.databases import Database, open_database
from tests.postbox import Postbox, open_postbox
from tests.server import Server

_ROOT = Path(__file__).parents[2]
_BUSINESS = "business create --name Nordlicht --slug nordlicht --currency EUR --country DE --time-zone Europe/Berlin"
# How long a payer asks again, in seconds, after a 503 and after no answer at all.
_PATIENCE, _NOBODY_THERE = 20.0, 180.0
_AGAIN_AFTER = 0.2


class KillableServer(Server):
    """The server with places to die at, started again by a service manager when it is gone as a whole."""

    @staticmethod
    @override
    def words(*arguments: str) -> list[str]:
        return [*Server.words()[:2], "tests.faults.program", *arguments]

    def processes(self, target: str) -> list[int]:
        """The processes of the `web`, of the `worker`, or of `both` and the program that started them."""
        try:
            children = self.children()
        except (AssertionError, subprocess.CalledProcessError):
            # It is just being started again.
            return []
        if target == "both":
            return [self._running().pid, *children]
        return [pid for pid, name in children.items() if ("worker" in name) == (target == "worker")]

    def keep_running(self, stop: threading.Event) -> None:
        """Start it again whenever it has died, until told to stop."""
        while not stop.wait(0.05):
            if not self.is_running():
                # A process that was not on the list of those to die may hold the port for a moment.
                with suppress(AssertionError):
                    self.start()


@dataclass
class Installation:
    """What the harness works on. `folder` holds the orders to die."""

    server: KillableServer
    database: Database
    bank: FaultyBank
    postbox: Postbox
    folder: Path
    clerk: "Clerk"
    key: str = ""
    # What was sent so far, each a `tests.faults.bill.Bill`.
    bills: list[Any] = field(default_factory=list)
    # The shortest outage of the database, in seconds.
    outage: float = 5.0
    api: httpx.Client = field(default_factory=httpx.Client)

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Ask the API as a program that asks again when it gets no answer."""
        return insist(lambda: self.api.request(method, path, **options))

    def made(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Make something by the API."""
        answer = self.ask("POST", path, json=body)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def found(self, path: str, **query: str) -> dict[str, Any]:
        """Read something by the API."""
        answer = self.ask("GET", path, params=query)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def is_settled(self) -> bool:
        """Whether no order to die and no trouble of the bank is left."""
        return not self._orders() and self.bank.is_quiet

    def settle(self) -> None:
        """Take back what has not come about."""
        for file in self._orders():
            file.unlink()
        self.bank.forget_trouble()

    def _orders(self) -> list[Path]:
        return [file for file in self.folder.iterdir() if file.name.startswith(("web-", "worker-"))]


class Clerk:
    """The resident helper, one question at a time."""

    def __init__(self, server: KillableServer) -> None:
        self._process = subprocess.Popen(
            server.words("clerk"), env=server.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def do(self, duty: str, *arguments: str) -> str:
        """Have something done, and return what came of it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([duty, *arguments]) + "\n")
        self._process.stdin.flush()
        answer: str = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        self._process.communicate(timeout=30)


@contextmanager
def open_installation(kind: str, home: Path, outage: float) -> Iterator[Installation]:
    """Serve a business that takes payments through the bank, until the block ends."""
    folder = home / "orders"
    folder.mkdir(parents=True)
    database, bank = open_database(kind, home), FaultyBank(home / "bank.sqlite3")
    postbox, post_office = open_postbox()
    bank.start()
    server = KillableServer(home / "home", database.url)
    server.environment |= {
        "PORTICO_BASE_URL": server.url,
        "PORTICO_EMAIL_URL": postbox.url,
        "PORTICO_SANDBOX_URL": bank.url,
        # Each payer has an address of its own, or the limit of payments from one network would end the run.
        "PORTICO_TRUSTED_PROXIES": "127.0.0.1",
        "PORTICO_ACCESS_LOG": "0",
        "PYTHONPATH": str(_ROOT),
        places.FOLDER_VARIABLE: str(folder),
    }
    stop = threading.Event()
    try:
        with server:
            keeper = threading.Thread(target=server.keep_running, args=[stop])
            keeper.start()
            try:
                yield from _with_business(server, database, bank, postbox, folder, outage)
            finally:
                stop.set()
                keeper.join()
    finally:
        bank.close()
        post_office.stop()
        database.close()


def _with_business(
    server: KillableServer, database: Database, bank: FaultyBank, postbox: Postbox, folder: Path, outage: float
) -> Iterator[Installation]:
    clerk = Clerk(server)
    for words in (_BUSINESS, "gateway add sandbox --business nordlicht"):
        clerk.do("portico", *words.split())
    key = clerk.do("portico", "apikey", "create", "--business", "nordlicht", "--name", "Shop").strip()
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=30) as api:
        yield Installation(server, database, bank, postbox, folder, clerk, key, outage=outage, api=api)
    clerk.close()


def insist(send: Callable[[], httpx.Response]) -> httpx.Response:
    """Send the same request until it is answered: again on 503, and again while the server is being started."""
    waited, refused, alone = threading.Event(), 0.0, 0.0
    while refused < _PATIENCE and alone < _NOBODY_THERE:
        try:
            answer = send()
        except httpx.TransportError:
            alone += _AGAIN_AFTER
        else:
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                return answer
            refused += _AGAIN_AFTER
        waited.wait(_AGAIN_AFTER)
    raise AssertionError(f"no answer: 503 for {refused:.0f} s, and nobody there for {alone:.0f} s")


def wait_until(done: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until something is so. Raises AssertionError, which says what is not."""
    waited = threading.Event()
    for _ in range(int(seconds / 0.1)):
        if done():
            return
        waited.wait(0.1)
    raise AssertionError(f"not within {seconds:.0f} s: {what}")
