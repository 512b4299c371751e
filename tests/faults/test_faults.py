"""The short form of the harness: each kind of fault once. `make faults` brings about a thousand of them."""

import sys
from collections.abc import Iterator

import pytest

from tests.faults.run import Run, open_run, short

pytestmark = pytest.mark.xdist_group("faults")


@pytest.fixture(scope="module")
def run(pytestconfig: pytest.Config) -> Iterator[Run]:
    """One installation for all of them, as a real one has to live on after each."""
    with open_run(pytestconfig.getoption("database"), seed=1, outage=2.5) as opened:
        yield opened


@pytest.mark.parametrize("name", short(seed=1))
def test_payment_happens_once(run: Run, name: str) -> None:
    assert not run.bring_about(name)


def test_nothing_is_lost_or_doubled_in_the_end(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert not run.finish()
    with capsys.disabled():
        sys.stdout.write(f" {run.count} ")
    assert (run.count.lost, run.count.doubled) == (0, 0)
