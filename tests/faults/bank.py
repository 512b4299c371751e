"""The sandbox's bank as a server that can be slow, away, lose requests and answers, and keep its webhooks back.

It has a process of its own, the harness's, and forgets nothing when the server it is asked by is killed.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, override

import httpx

from portico.gateways.sandbox.delivery import deliver
from portico.gateways.sandbox.server import BankServer, _Handler
from portico.gateways.sandbox.signature import signature
from portico.lib.clock import now

_LOOK_EVERY = 0.05


@dataclass
class Trouble:
    """What befalls the next call of one of these names, `before` and `after` the bank has done it; False loses it.

    Of a lost answer so many bytes still arrive.
    """

    calls: frozenset[str] = frozenset({"charge"})
    before: Callable[[], bool] = lambda: True
    after: Callable[[], bool] = lambda: True
    arrives: int = 0


class FaultyBank(BankServer):
    """Serves one bank and posts its webhooks at once, unless it is told otherwise."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self.RequestHandlerClass = _FaultyHandler
        self.is_away = False
        self._trouble: list[Trouble] = []
        self._holds = 0
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._own_threads = [threading.Thread(target=work) for work in (self.serve_forever, self._keep_delivering)]

    def start(self) -> None:
        """Answer until `close`."""
        for thread in self._own_threads:
            thread.start()

    def close(self) -> None:
        """Answer no more."""
        self._stop.set()
        self.shutdown()
        for thread in self._own_threads:
            thread.join()
        self.server_close()

    def expect(self, trouble: Trouble) -> None:
        """Have something befall the next call that it is for."""
        with self._lock:
            self._trouble.append(trouble)

    def trouble_of(self, call: str) -> Trouble:
        """Take the trouble that is expected for a call, or none."""
        with self._lock:
            found = next((one for one in self._trouble if call in one.calls), None)
            if found is None:
                return Trouble()
            self._trouble.remove(found)
            return found

    def forget_trouble(self) -> None:
        """Expect nothing any more."""
        with self._lock:
            self._trouble.clear()

    @property
    def is_quiet(self) -> bool:
        """Whether everything that was expected has happened."""
        return not self._trouble

    @contextmanager
    def webhooks_held(self) -> Iterator[None]:
        """Post no webhook for as long as this lasts."""
        with self._lock:
            self._holds += 1
        try:
            yield
        finally:
            with self._lock:
                self._holds -= 1

    @contextmanager
    def away(self) -> Iterator[None]:
        """Answer nobody for as long as this lasts."""
        self.is_away = True
        try:
            yield
        finally:
            self.is_away = False

    def charges_of(self, amount: int) -> list[dict[str, Any]]:
        """Return the charges over an amount, the oldest first; each bill of the harness has one of its own."""
        return [row for row in reversed(self.bank.charges(limit=1_000_000)) if row["amount"] == amount]

    def notices_of(self, charge: str) -> list[dict[str, Any]]:
        """Return a charge's webhooks that were not posted yet."""
        return [row for row in self.bank.due_notices() if row["charge"] == charge]

    def post(self, notice: dict[str, Any], *, secret: str | None = None, age: int = 0, body: bytes = b"") -> int:
        """Post a webhook now, signed with this secret and so many seconds old; returns the status, 0 for no answer."""
        content, moment = body or notice["body"].encode(), str(int(now().timestamp()) - age)
        signed = signature(notice["secret"] if secret is None else secret, moment, content)
        headers = {"Content-Type": "application/json", "Sandbox-Signature": f"t={moment},v1={signed}"}
        try:
            return httpx.post(notice["url"], content=content, headers=headers, timeout=30).status_code
        except httpx.TransportError:
            return 0

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of callers that were killed while they waited."""

    def _keep_delivering(self) -> None:
        while not self._stop.wait(_LOOK_EVERY):
            if not self._holds:
                deliver(self.bank)


class _FaultyHandler(_Handler):
    server: FaultyBank

    @override
    def do_POST(self) -> None:
        trouble = self.server.trouble_of(self.path.strip("/"))
        self.close_connection = True
        if self.server.is_away or not trouble.before():
            return
        line, self.wfile = self.wfile, BytesIO()
        try:
            super().do_POST()
        finally:
            answer, self.wfile = self.wfile.getvalue(), line
        self.wfile.write(answer if trouble.after() else answer[: trouble.arrives])
