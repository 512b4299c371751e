"""`python -m tests.faults --faults 1000 --seed 1 --database postgresql`: `make faults` runs it on both databases."""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from time import perf_counter

from tests.faults.run import Count, open_run, short, shuffled


def main(arguments: Sequence[str]) -> int:
    """Bring faults about and say what became of them. The exit status is 0 when every payment happened once."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--faults", type=int, default=1000, help="how many are brought about")
    parser.add_argument("--seed", type=int, default=1, help="the same seed brings about the same ones in one order")
    parser.add_argument("--short", action="store_true", help="what the suite brings about, once")
    parser.add_argument("--only", default="", help="those alone whose name matches this pattern")
    parser.add_argument("--minutes", type=float, default=0, help="bring about no more after so many minutes")
    chosen = parser.parse_args(arguments)
    names = short(chosen.seed) if chosen.short else [*shuffled(chosen.faults, chosen.seed, chosen.only)]
    with open_run(chosen.database, chosen.seed) as run:
        for name in _within(chosen.minutes, names):
            started = perf_counter()
            problems = run.bring_about(name)
            _say("\n  ".join([f"{run.count} ({perf_counter() - started:.1f} s: {name})", *problems]))
        run.finish()
        _say(_summary(run.count, chosen.database, chosen.seed))
    return 1 if run.count.problems else 0


def _within(minutes: float, names: Iterable[str]) -> Iterator[str]:
    started = perf_counter()
    for name in names:
        if minutes and perf_counter() - started > 60 * minutes:
            return
        yield name


def _summary(count: Count, database: str, seed: int) -> str:
    text = f"{database}, seed {seed}: {count}, of {len(count.kinds)} kinds"
    return "\n".join([text, *(f"  {problem}" for problem in count.problems)])


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
