"""Drives a page with wrk (https://github.com/wg/wrk, Debian package `wrk`), which is installed when it is missing."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 8
_WARM_UP = 1
_MARK = "measured: "
_SCRIPT = """
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '%s{"requests": %%d, "microseconds": %%d, "bytes": %%d, "errors": %%d, "p50": %%f, "p99": %%f}\\n',
    summary.requests, summary.duration, summary.bytes, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(99)))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What came of driving a page: requests per second, milliseconds at the 50th and 99th percentile, errors."""

    rate: float
    p50: float
    p99: float
    errors: int


def find() -> str:
    """Return the path of wrk, installed from the system's packages when there is none. Raises SystemExit without it."""
    path = shutil.which("wrk")
    if path is None and shutil.which("apt-get"):
        print("There is no wrk here: asking the system's package manager for it.", file=sys.stderr)
        become = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
        for step in (["update", "--quiet"], ["install", "--yes", "--quiet", "wrk"]):
            subprocess.run([*become, "apt-get", *step], stdin=subprocess.DEVNULL, capture_output=True, check=False)
        path = shutil.which("wrk")
    if path is None:
        raise SystemExit("The benchmarks need wrk: install it (apt install wrk, brew install wrk) and try again.")
    return path


def drive(address: str, headers: Mapping[str, str], *, seconds: float, runs: int) -> Load:
    """Ask for an address over and over, after a warm-up; returns the run with the median rate, all runs' errors."""
    _run(address, headers, _WARM_UP)
    loads = sorted((_run(address, headers, seconds) for _ in range(runs)), key=lambda load: load.rate)
    median = loads[len(loads) // 2]
    return Load(
        median.rate,
        statistics.median(load.p50 for load in loads),
        statistics.median(load.p99 for load in loads),
        sum(load.errors for load in loads),
    )


def ratios(
    ours: tuple[str, Mapping[str, str]], other: tuple[str, Mapping[str, str]], *, seconds: float, rounds: int
) -> list[float]:
    """Drive two pages, each an address and its headers, in turns; returns the ratios of our rate to the other's."""
    for address, headers in (ours, other):
        _run(address, headers, _WARM_UP)
    return sorted(_run(*ours, seconds).rate / _run(*other, seconds).rate for _ in range(rounds))


def _run(address: str, headers: Mapping[str, str], seconds: float) -> Load:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.lua"
        script.write_text(_SCRIPT % _MARK)
        command = [find(), "-t2", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "-s", str(script), address]
        for name, value in headers.items():
            command += ["-H", f"{name}: {value}"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith(_MARK))
    facts = json.loads(line.removeprefix(_MARK))
    rate = facts["requests"] * 1_000_000 / facts["microseconds"]
    return Load(rate, facts["p50"] / 1000, facts["p99"] / 1000, facts["errors"])
