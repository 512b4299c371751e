"""The short form of the harness: each kind of fault once. `make faults` brings about a thousand of them."""

import sys

import pytest

from tests.faults.run import run, short


@pytest.mark.xdist_group("faults")
def test_every_payment_happens_once_whatever_fails(
    pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []
    count = run(short(seed=1), pytestconfig.getoption("database"), seed=1, outage=2.5, say=said.append)
    with capsys.disabled():
        sys.stdout.write(f" {count} ")
    assert not count.problems, "\n".join(count.problems)
    assert (count.lost, count.doubled) == (0, 0)
