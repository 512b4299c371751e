"""Brings faults about in an order of chance, and counts what was survived, lost and doubled."""

import re
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.faults.bill import Bill
from tests.faults.installation import Installation, open_installation
from tests.faults.kills import kills
from tests.faults.outages import OUTAGES
from tests.faults.submits import SUBMITS
from tests.faults.webhooks import WEBHOOKS

type Fault = Callable[[Installation, Random], Bill]

PLAIN: dict[str, Fault] = {fault.__name__.replace("_", " "): fault for fault in (*SUBMITS, *WEBHOOKS, *OUTAGES)}
KILLS: dict[str, Fault] = dict(kills())


@dataclass
class Count:
    """What became of the faults. A payment is lost or doubled; anything else that is wrong is told as well.

    `unfinished` ones could not be brought about or looked at, as on a machine that is too busy; they are no `faults`.
    """

    faults: int = 0
    unfinished: int = 0
    lost: int = 0
    doubled: int = 0
    problems: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, bills: Sequence[Bill], problems: Sequence[str], *, finished: bool) -> None:
        """Count one fault, by the payments and the charges that there are after it."""
        self.faults += finished
        self.unfinished += not finished
        self.kinds[name] += 1
        self.problems += [f"{name}: {problem}" for problem in problems]
        for bill in bills if problems else ():
            payments = _payments_of(bill)
            charges = sum(row["state"] == "succeeded" for row in bill.at.bank.charges_of(bill.amount))
            self.lost += payments == 0 or charges == 0
            self.doubled += payments > 1 or charges > 1 or len(bill.receipts) > 1

    def __str__(self) -> str:
        unfinished = f", {self.unfinished} unfinished" if self.unfinished else ""
        return f"{self.faults} faults, {self.lost} lost, {self.doubled} doubled{unfinished}"


def _payments_of(bill: Bill) -> int:
    try:
        return len(bill.at.found("/payments", customer=bill.customer)["data"])
    except AssertionError:
        # Nobody answers any more.
        return 0


@dataclass
class Run:
    """Faults that are brought about one after the other on one installation."""

    at: Installation
    chance: Random
    count: Count = field(default_factory=Count)

    def bring_about(self, name: str) -> list[str]:
        """Bring one fault about and count it; returns what is wrong afterwards."""
        before, problems = len(self.at.bills), []
        try:
            (PLAIN | KILLS)[name](self.at, self.chance)
        except Exception:  # noqa: BLE001 - whatever it is, the run tells it and goes on with the next
            self.at.settle()
            problems.append(traceback.format_exc())
        finished, bills = not problems, self.at.bills[before:]
        for bill in bills:
            try:
                problems += bill.problems()
            except Exception:  # noqa: BLE001 - as above
                problems.append(traceback.format_exc())
        self.count.add(name, bills, problems, finished=finished)
        return problems

    def finish(self) -> list[str]:
        """Look once more for what comes late: a second receipt, a charge that was made after all; returns it."""
        found = []
        for bill in self.at.bills:
            again = [*bill.late_problems()]
            self.count.doubled += bool(again)
            found += [f"{bill.invoice}, at the end: {problem}" for problem in again]
        checked = self.at.server.command("check-ledger")
        if checked.returncode:
            found.append(f"check-ledger, at the end: {checked.stdout}")
        if "Traceback" in self.at.server.log.read_text():
            found.append("the server's log has a traceback")
        self.count.problems += found
        return found


@contextmanager
def open_run(database: str, seed: int, outage: float = 5.0) -> Iterator[Run]:
    """Serve a new installation for faults, whose chances are those of the seed; an outage lasts so many seconds."""
    with (
        tempfile.TemporaryDirectory(prefix="portico-faults-") as home,
        open_installation(database, Path(home), outage) as at,
    ):
        run = Run(at, Random(seed))  # noqa: S311 - the same order again for the same seed is what it is for
        yield run
        if run.count.problems:
            sys.stderr.write(at.server.log.read_text()[-40_000:])


def shuffled(number: int, seed: int, only: str = "") -> Iterator[str]:
    """Yield names of so many faults: every kind once in an order of chance, then all of them again in another.

    `only` is a pattern that leaves out the kinds whose names do not match it.
    """
    chance = Random(seed)  # noqa: S311 - as above
    while number > 0:
        deck = [name for name in (*PLAIN, *KILLS) if re.search(only, name)]
        chance.shuffle(deck)
        yield from deck[:number]
        number -= len(deck)


def short(seed: int) -> list[str]:
    """Return each plain fault once, and a kill for each place, the ways and the targets taking turns."""
    chance = Random(seed)  # noqa: S311 - as above
    killed: dict[str, list[str]] = {}
    for name in KILLS:
        killed.setdefault(name.split()[1].rstrip(":"), []).append(name)
    names = [*PLAIN, *(chance.choice(found) for found in killed.values())]
    chance.shuffle(names)
    return names
