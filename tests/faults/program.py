"""Portico as it is killed in the harness: `python -m tests.faults.program serve …` takes what `portico` takes.

It is the product with shorter waits, so that a thousand faults are over in an hour, and with places where it can be
killed. It notes each call of the provider that is made inside a transaction. `clerk` runs `tests.faults.clerk`.
"""

import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from multiprocessing import current_process
from pathlib import Path
from typing import Any

import django
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from portico.config.cli import run
from tests.faults import places

# Each is as much longer than the one before as in the product: the provider's answer is waited for, then the attempt
# is looked after, then whoever took a mail and died with it is given up.
_WAITS = {
    "portico.gateways.sandbox.connection._SECONDS": 1.0,
    "portico.domain.payments.actions.sweep_attempts._PATIENCE": timedelta(seconds=1.5),
    "portico.domain.activity.actions.claim.LEASE": timedelta(seconds=6),
    "portico.output.mail.actions.send.LEASE": timedelta(seconds=6),
    "portico.domain.payments.collection_dates.LEAST_WAIT": timedelta(0),
    "portico.jobs.outbox._LOOK_EVERY": timedelta(seconds=0.2),
    "portico.jobs.schedule._LOOK_EVERY": timedelta(seconds=0.2),
    "portico.config.restarts._FIRST": 0.05,
    "portico.config.restarts._LONGEST": 0.2,
}
_OFTEN = timedelta(seconds=0.5)
_passed = threading.local()


def main() -> int:
    """Run one command line of the product, or the clerk."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.config.settings")
    django.setup()
    if sys.argv[1:] == ["clerk"]:
        import_module("tests.faults.clerk").serve()
        return 0
    for name, value in _WAITS.items():
        module, _, attribute = name.rpartition(".")
        setattr(import_module(module), attribute, value)
    schedule: Any = import_module("portico.jobs.schedule")
    schedule.JOBS = tuple(
        replace(job, every=_OFTEN) if job.name in {"payments-left-open", "payments-autopay"} else job
        for job in schedule.JOBS
    )
    background: Any = import_module("portico.config.background")
    worker = background.Worker
    background.Worker = lambda **options: worker(**options | {"interval": 0.2})
    _add_places()
    return run(sys.argv[1:])


def _add_places() -> None:
    remote: Any = import_module("portico.gateways.sandbox.connection")
    remote._Remote._call = _around_call(remote._Remote._call)
    start: Any = import_module("portico.domain.payments.actions.start_attempt")
    record: Any = import_module("portico.domain.payments.actions.record_outcome")
    # The last that each of them does before its transaction ends.
    start._record = _marking(start._record, (places.BEFORE_ATTEMPT, places.AFTER_ATTEMPT))
    record._record_payment = _marking(record._record_payment, (places.BEFORE_OUTCOME, places.AFTER_OUTCOME))
    BaseDatabaseWrapper.commit = _around_commit(BaseDatabaseWrapper.commit)  # type: ignore[assignment,method-assign]  # the harness's own place to die


def _around_call(call: Callable[..., Any]) -> Callable[..., Any]:
    def called(*args: Any, **kwargs: Any) -> Any:
        if connection.in_atomic_block:
            with (_folder() / places.VIOLATIONS).open("a") as found:
                found.write(f"{args[1]}\n")
        _reach(places.BEFORE_CALL)
        try:
            return call(*args, **kwargs)
        finally:
            _reach(places.AFTER_CALL)

    return called


def _marking(last: Callable[..., None], around: tuple[str, str]) -> Callable[..., None]:
    def marked(*args: Any, **kwargs: Any) -> None:
        last(*args, **kwargs)
        _passed.commit = around

    return marked


def _around_commit(commit: Callable[[BaseDatabaseWrapper], None]) -> Callable[[BaseDatabaseWrapper], None]:
    def committed(self: BaseDatabaseWrapper) -> None:
        before, after = getattr(_passed, "commit", ("", ""))
        _passed.commit = ("", "")
        if before:
            _reach(before)
        commit(self)
        if after:
            _reach(after)

    return committed


def _reach(place: str) -> None:
    places.reach(_folder(), place, "worker" if current_process().name == "portico-worker" else "web")


def _folder() -> Path:
    return Path(os.environ[places.FOLDER_VARIABLE])


if __name__ == "__main__":
    sys.exit(main())
