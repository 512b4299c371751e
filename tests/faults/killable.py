"""What the harness's server does differently: it waits for less, and there are places where it can be killed.

Imported once Django is set up. It names what it changes by its own names, so that a rename is noticed before a run.
"""

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from multiprocessing import current_process
from pathlib import Path
from typing import Any

from django.db import connection as database
from django.db.backends.base.base import BaseDatabaseWrapper
from django_tasks_db.management.commands.db_worker import Worker

from portico.config import background, restarts
from portico.domain.activity.actions import claim
from portico.domain.payments import collection_dates
from portico.domain.payments.actions import record_outcome, start_attempt, sweep_attempts
from portico.gateways.sandbox import connection as sandbox
from portico.jobs import outbox, payments, schedule
from portico.output.mail.actions import send
from tests.faults import places

_OFTEN = timedelta(seconds=0.5)
_AT_ONCE = timedelta(seconds=0.2)
_passed = threading.local()


def make_killable() -> None:
    """Change the product in this process and those that it starts."""
    _wait_for_less()
    remote: Any = sandbox._Remote
    remote._call = _around_call(remote._call)
    # The last that each of them does before its transaction ends.
    start: Any = start_attempt
    start._record = _marking(start_attempt._record, (places.BEFORE_ATTEMPT, places.AFTER_ATTEMPT))
    record: Any = record_outcome
    record._record_payment = _marking(record_outcome._record_payment, (places.BEFORE_OUTCOME, places.AFTER_OUTCOME))
    wrapper: Any = BaseDatabaseWrapper
    wrapper.commit = _around_commit(BaseDatabaseWrapper.commit)


def _wait_for_less() -> None:
    """Each wait is longer than the one before, as in the product.

    The bank's answer is waited for, then the attempt is looked after, then a mail whose worker died is given up.
    """
    sandbox._SECONDS = 1
    sweep_attempts._PATIENCE = timedelta(seconds=1.5)
    claim.LEASE = send.LEASE = timedelta(seconds=6)  # type: ignore[attr-defined]  # each module has a name of its own
    collection_dates.LEAST_WAIT = timedelta(0)
    outbox._LOOK_EVERY = schedule._LOOK_EVERY = _AT_ONCE
    restarts._FIRST, restarts._LONGEST = 0.05, 0.2
    often = (payments.left_open, payments.autopay)
    schedule.JOBS = tuple(replace(job, every=_OFTEN) if job.task in often else job for job in schedule.JOBS)  # type: ignore[assignment]  # as many as there were
    eager: Any = background
    eager.Worker = lambda **options: Worker(**options | {"interval": _AT_ONCE.total_seconds()})


def _around_call(call: Callable[..., Any]) -> Callable[..., Any]:
    def called(*args: Any, **kwargs: Any) -> Any:
        if database.in_atomic_block:
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
