"""`portico serve` as a process group of its own, to be asked, stopped and killed."""

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from portico.config.tests.conftest import fresh_environment
from tests.prepared import prepare

# Generous: a machine that runs a whole suite is slow.
_STOP_WITHIN = 120


class Server:
    """A server on a free port, with an installation in `home`; `database` is its DATABASE_URL."""

    def __init__(self, home: Path, database: str = "") -> None:
        prepare(home, database=not database)
        self.environment = fresh_environment(home) | ({"DATABASE_URL": database} if database else {})
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.log = home.parent / f"{home.name}.log"
        self._process: subprocess.Popen[str] | None = None
        self._ended = threading.Event()

    def start(self) -> None:
        """Start it and wait until it accepts connections."""
        self._ended.clear()
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                self.words("serve", "--port", str(self.port)),
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        assert said == f"Portico answers at {self.url}\n", self.log.read_text()
        threading.Thread(target=self._keep, args=[self._process.stdout], daemon=True).start()

    def stop(self, *, by_terminal: bool = False) -> int:
        """Ask it to stop, as a service manager would or as Ctrl-C in a terminal does; returns its exit status."""
        process = self._running()
        if by_terminal:
            os.killpg(process.pid, signal.SIGINT)
        else:
            process.send_signal(signal.SIGTERM)
        self._process = None
        process.wait(_STOP_WITHIN)
        return process.returncode

    def kill(self) -> None:
        """End every process of it at once, without a word."""
        process, children = self._running(), self.children()
        self._process = None
        for pid in (process.pid, *children):
            os.kill(pid, signal.SIGKILL)
        process.wait(_STOP_WITHIN)

    def kill_only_the_program(self) -> None:
        """End the process that was started, and wait until those that it started have noticed."""
        process = self._running()
        self._process = None
        process.kill()
        process.wait(_STOP_WITHIN)
        # They hold the other end of its output: that ends with the last of them.
        assert self._ended.wait(_STOP_WITHIN)

    def is_running(self) -> bool:
        """Whether the program that was started has not ended."""
        return self._running().poll() is None

    def children(self) -> dict[int, str]:
        """The processes it started: their names by process id."""
        listed = subprocess.run(
            ["ps", "-o", "pid=,comm=", "--ppid", str(self._running().pid)], capture_output=True, text=True, check=True
        )
        rows = [line.strip().partition(" ") for line in listed.stdout.splitlines()]
        return {int(pid): name for pid, _, name in rows}

    def command(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command beside it, in the same installation."""
        return subprocess.run(
            self.words(*arguments),
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self.kill()

    def _keep(self, output: IO[str]) -> None:
        with output, self.log.open("a") as log:
            for line in output:
                log.write(line)
                log.flush()
        self._ended.set()

    def _running(self) -> subprocess.Popen[str]:
        assert self._process is not None, "the server is not running"
        return self._process

    @staticmethod
    def words(*arguments: str) -> list[str]:
        """The command line of a `portico` command."""
        return [sys.executable, "-m", "portico.config.cli", *arguments]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port
