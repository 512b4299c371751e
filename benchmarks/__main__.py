"""Measures Portico on this machine: `python -m benchmarks --help`. It never fails on a figure: it is no test."""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.databases import DATABASES, Environment, environment, new_database, server
from benchmarks.datasets import DATA_SETS, DataSet
from benchmarks.exports import Export
from benchmarks.figures import Figures
from benchmarks.measuring import Effort, Measuring
from benchmarks.report import markdown
from benchmarks.wrk import find
from portico.lib.clock import today

_RESULTS = Path(__file__).resolve().parent / "results"


def main() -> None:
    """Build, measure, report."""
    options = _arguments()
    find()
    effort = Effort(options.seconds, options.runs, options.pdfs, options.confirmations)
    figures: list[Figures] = []
    exports: dict[str, Export] = {}
    with ExitStack() as stack:
        # Unix sockets live below this folder and their paths are limited to some hundred bytes.
        folder = Path(options.data or stack.enter_context(tempfile.TemporaryDirectory(prefix="portico-")))
        for database in options.database or DATABASES:
            (folder / database).mkdir(parents=True, exist_ok=True)
            with server(database, folder / database) as address:
                for name in options.data_set or ["10k", "export"]:
                    home = filled(DATA_SETS[name], database, address, folder / database)
                    measuring = Measuring(DATA_SETS[name], database, home, folder, effort)
                    _say(f"Measuring {name} on {database}.")
                    if name == "export":
                        exports[database] = measuring.export()
                    else:
                        figures.append(measuring.pages())
    text = markdown(figures, exports, _machine())
    _RESULTS.mkdir(exist_ok=True)
    (_RESULTS / f"{time.strftime('%Y-%m-%d-%H%M')}.md").write_text(text)
    print(text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure Portico on this machine.")
    parser.add_argument("--quick", action="store_true", help="one short run on SQLite: about a minute")
    parser.add_argument("--database", action="append", choices=DATABASES, help="only this database; may be repeated")
    parser.add_argument("--data-set", action="append", choices=sorted(DATA_SETS), help="only this one; may be repeated")
    parser.add_argument("--seconds", type=float, help="of each run (5)")
    parser.add_argument("--runs", type=int, help="of each page (3)")
    parser.add_argument("--pdfs", type=int, default=100, help="how many invoices are printed (100)")
    parser.add_argument("--confirmations", type=int, default=500, help="how many payments are confirmed (500)")
    parser.add_argument("--data", metavar="FOLDER", help="keep the data sets here and take those already there")
    options = parser.parse_args()
    options.seconds = options.seconds or (1 if options.quick else 5)
    options.runs = options.runs or (1 if options.quick else 3)
    if options.quick:
        options.database = options.database or ["sqlite"]
        options.data_set = options.data_set or ["10k"]
        options.pdfs = min(options.pdfs, 40)
    return options


def filled(data_set: DataSet, database: str, address: str, folder: Path) -> Environment:
    """Return the environment of an installation that holds a data set and whose ledger adds up."""
    home = folder / data_set.name
    home.mkdir(exist_ok=True)
    name = f"bench_{data_set.name}"
    found = environment(home, **({"DATABASE_URL": f"{address}/{name}"} if address else {}))
    done = home / ".filled"
    if not done.exists():
        _say(f"Building {data_set.name} on {database}.")
        if address:
            new_database(address, name)
        else:
            for file in home.glob("portico.sqlite3*"):
                file.unlink()
        _run([sys.executable, "-m", "benchmarks.fill", data_set.name], found)
        if data_set.ledger:
            _run([sys.executable, "-m", "portico.config.cli", "check-ledger"], found)
        done.write_text(str(today("UTC")))
    return found


def _run(command: list[str], env: Environment) -> None:
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[1:])} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _machine() -> str:
    load = f", load average {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{today('UTC')}, {platform.machine()}, {os.cpu_count()} cores{load}, Python {platform.python_version()}"


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    main()
