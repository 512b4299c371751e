"""The sandbox's bank as a server of its own, so that it can be slow, away or lose an answer: for tests of faults.

`python -m portico.gateways.sandbox.server FILE PORT` serves the bank of a file on loopback.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from portico.gateways.sandbox.bank import Bank

_CALLS = frozenset(
    {"charge", "read", "cancel", "refund", "read_refund", "read_dispute", "remove_method", "move", "charges"}
)


class BankServer(ThreadingHTTPServer):
    """Serves one bank: `POST /{call}` with the call's arguments as a JSON object."""

    daemon_threads = True

    def __init__(self, file: Path, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.bank = Bank(file)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: BankServer

    def do_POST(self) -> None:
        name = self.path.strip("/")
        arguments = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if name not in _CALLS:
            self.send_error(404)
            return
        answer = json.dumps(getattr(self.server.bank, name)(**arguments)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing of each call."""


def main() -> None:
    """Serve the bank of a file until the process ends."""
    BankServer(Path(sys.argv[1]), int(sys.argv[2])).serve_forever()


if __name__ == "__main__":
    main()
