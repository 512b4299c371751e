"""A long CSV file through HTTP: when it begins, how fast it comes, and what the server's memory does meanwhile."""

import http.client
import threading
import time
from dataclasses import dataclass

from benchmarks.serving import Served
from benchmarks.visiting import Visitor

_PIECE = 65536


@dataclass(frozen=True, slots=True)
class Export:
    """Seconds to the first byte and to the last, rows without the header, megabytes the server grew by meanwhile."""

    first_byte: float
    seconds: float
    rows: int
    growth: float


def export(server: Served, visitor: Visitor, path: str) -> Export:
    """Fetch a CSV file once."""
    before, peak, over = server.megabytes(), 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(0.1):
            peak = max(peak, server.megabytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        first_byte, seconds, rows = _fetch(visitor, path)
    finally:
        over.set()
        watcher.join()
    return Export(first_byte, seconds, rows - 1, max(0.0, peak - before))


def _fetch(visitor: Visitor, path: str) -> tuple[float, float, int]:
    connection = http.client.HTTPConnection(visitor.host, timeout=120)
    start = time.perf_counter()
    connection.request("GET", path, headers=visitor.headers())
    response = connection.getresponse()
    if response.status != 200:
        raise SystemExit(f"{path} was answered {response.status}.")
    lines = response.read(1).count(b"\n")
    first_byte = time.perf_counter() - start
    while piece := response.read(_PIECE):
        lines += piece.count(b"\n")
    seconds = time.perf_counter() - start
    connection.close()
    return first_byte, seconds, lines
