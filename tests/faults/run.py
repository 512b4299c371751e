"""Brings faults about in an order of chance, and counts what was survived, lost and doubled."""

import re
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter

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
    """What became of the faults. A payment is lost or doubled; anything else that is wrong is told as well."""

    faults: int = 0
    lost: int = 0
    doubled: int = 0
    problems: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, bill: Bill, problems: Sequence[str]) -> None:
        """Count one fault, by the payments and the charges that there are after it."""
        self.faults += 1
        self.kinds[name] += 1
        if not problems:
            return
        self.problems += [f"{name}: {problem}" for problem in problems]
        payments = self._number(lambda: len(bill.at.found("/payments", customer=bill.customer)["data"]))
        charges = sum(row["state"] == "succeeded" for row in bill.at.bank.charges_of(bill.amount))
        self.lost += payments == 0 or charges == 0
        self.doubled += payments > 1 or charges > 1 or len(bill.receipts) > 1

    @staticmethod
    def _number(count: Callable[[], int]) -> int:
        try:
            return count()
        except AssertionError:
            return 0

    def __str__(self) -> str:
        return f"{self.faults} faults, {self.lost} lost, {self.doubled} doubled"


def run(names: Iterable[str], kind: str, seed: int, *, outage: float = 5.0, say: Callable[[str], None]) -> Count:
    """Bring these faults about one after the other on a new installation."""
    count, chance = Count(), Random(seed)  # noqa: S311 - the same order again for the same seed is what it is for
    bills: list[tuple[str, Bill]] = []
    with (
        tempfile.TemporaryDirectory(prefix="portico-faults-") as home,
        open_installation(kind, Path(home), outage) as at,
    ):
        for name in names:
            started = perf_counter()
            bill, problems = _bring_about(name, at, chance)
            if bill is not None:
                bills.append((name, bill))
                count.add(name, bill, problems)
            else:
                count.faults, count.problems = count.faults + 1, [*count.problems, *problems]
            say(f"{count} ({perf_counter() - started:.1f} s: {name})" + "".join(f"\n  {one}" for one in problems))
        # What comes late is looked for once more: a second receipt, a charge that was made after all.
        for name, bill in bills:
            again = [*bill.late_problems()]
            count.doubled += bool(again)
            count.problems += [f"{name}, at the end: {problem}" for problem in again]
        checked = at.server.command("check-ledger")
        if checked.returncode:
            count.problems.append(f"check-ledger, at the end: {checked.stdout}")
        if "Traceback" in at.server.log.read_text():
            count.problems.append("the server's log has a traceback")
        if count.problems:
            sys.stderr.write(at.server.log.read_text()[-40_000:])
    return count


def _bring_about(name: str, at: Installation, chance: Random) -> tuple[Bill | None, list[str]]:
    try:
        bill = (PLAIN | KILLS)[name](at, chance)
    except Exception:  # noqa: BLE001 - whatever it is, the run tells it and goes on with the next
        at.settle()
        return None, [f"{name}: {traceback.format_exc()}"]
    try:
        return bill, [*bill.problems()]
    except Exception:  # noqa: BLE001 - as above
        return bill, [f"{name}: {traceback.format_exc()}"]


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
