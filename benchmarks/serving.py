"""Servers that are measured: `portico serve`, and the floors it is compared with."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.databases import Environment

WORKERS = 2
_HOST = "localhost"
_START_SECONDS = 60


class Served:
    """A server on loopback, started and stopped with the block. `started_in` is the seconds to its first answer."""

    def __init__(self, command: Sequence[str], environment: Environment, log: Path, path: str = "/") -> None:
        self.port = _free_port()
        self.command = [part.replace("{port}", str(self.port)) for part in command]
        self.environment = environment
        self.log = log
        self.path = path
        self.started_in = 0.0

    def __enter__(self) -> Self:
        before = time.perf_counter()
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                self.command, env=self.environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        pause = threading.Event()
        while not self._answers():
            if self._process.poll() is not None or time.perf_counter() - before > _START_SECONDS:
                self._stop()
                raise SystemExit(f"{' '.join(self.command)} did not start:\n{self.log.read_text()[-2000:]}")
            pause.wait(0.02)
        self.started_in = time.perf_counter() - before
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()

    @property
    def host(self) -> str:
        """The host and port it answers at."""
        return f"{_HOST}:{self.port}"

    def megabytes(self) -> float:
        """The memory of all its processes: what each has of its own and its share of what they share (PSS).

        Pages of files do not count: the system takes them back when it needs them.
        """
        return sum(_pss(pid) for pid in _family(self._process.pid)) / 1024

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(_HOST, self.port, timeout=5)
        try:
            connection.request("GET", self.path)
            connection.getresponse().read()
        except OSError:
            return False
        finally:
            connection.close()
        return True

    def _stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()


def portico(environment: Environment, log: Path) -> Served:
    """The product as it is run, with as many web processes on every database."""
    command = [sys.executable, "-m", "portico.config.cli", "serve", "--port", "{port}"]
    return Served(command, {**environment, "PORTICO_WORKERS": str(WORKERS)}, log)


def floor(application: str, environment: Environment, log: Path) -> Served:
    """One of the applications of `benchmarks.floors`, under the server the product runs on."""
    return _granian(f"benchmarks.floors:{application}", environment, log)


def plain(environment: Environment, log: Path) -> Served:
    """The plain Django page of `benchmarks.plain`, under the server the product runs on."""
    return _granian("benchmarks.plain.application:application", environment, log)


def _granian(application: str, environment: Environment, log: Path) -> Served:
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--port", "{port}", "--workers", str(WORKERS),
        "--blocking-threads", "4", "--no-ws", "--log-level", "error", application,
    ]  # fmt: skip
    return Served(command, environment, log)


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return [pid]
    return [pid, *(member for child in children for member in _family(int(child)))]


def _pss(pid: int) -> int:
    """Return kilobytes of memory, 0 where the system does not tell or the process has gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Pss_Anon:", "Pss_Shmem:")))
