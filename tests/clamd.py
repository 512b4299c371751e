"""A clamd of tests: it speaks the protocol of ClamAV's daemon, and knows one virus."""

import socketserver
import struct
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

# Nothing that Portico itself knows, so that it is clamd who finds it.
VIRUS = b"a virus that clamd alone knows"


class _Conversation(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
            if len(content) > self.server.clamd.most_bytes:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.clamd.seen.append(content)
        self.wfile.write(b"stream: Tests.Virus FOUND\0" if VIRUS in content else b"stream: OK\0")


class _OnSocket(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


def _server(path: Path | None) -> Any:
    if path is not None:
        return _OnSocket(str(path), _Conversation)
    return socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Conversation)


class Clamd:
    """Listens at a socket of the file system, or on a port, while it is entered; `seen` is what it looked at."""

    def __init__(self, path: Path | None = None) -> None:
        self.seen: list[bytes] = []
        self.most_bytes = 100 * 2**20
        self._server = _server(path)
        self._server.clamd = self
        self.address = str(path) if path else f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
