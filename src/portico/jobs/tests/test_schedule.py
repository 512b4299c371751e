import threading
from datetime import timedelta

import pytest
from django.db import connection
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from conftest import Clock
from portico.jobs.models import ScheduledJob
from portico.jobs.schedule import JOBS, enqueue_due

ALL = [job.name for job in JOBS]


@pytest.mark.django_db
def test_a_due_job_is_handed_over_once(clock: Clock) -> None:
    assert enqueue_due() == ALL
    assert DBTaskResult.objects.count() == len(JOBS)
    assert enqueue_due() == []
    clock.advance(minutes=61)
    often = [
        "payments-left-open", "payments-keep-up", "payments-autopay", "check-domains", "mail-reminders",
        "staff-digests", "sweep-stored-responses", "database-statistics",
    ]  # fmt: skip
    assert enqueue_due() == often
    assert DBTaskResult.objects.count() == len(JOBS) + len(often)


@pytest.mark.django_db
def test_what_was_missed_many_times_is_done_once(clock: Clock) -> None:
    enqueue_due()
    DBTaskResult.objects.all().delete()
    clock.advance(days=40)
    assert enqueue_due() == ALL
    assert DBTaskResult.objects.count() == len(JOBS)
    assert enqueue_due() == []
    soonest = min(job.every for job in JOBS)
    assert min(ScheduledJob.objects.values_list("due_at", flat=True)) == clock.now() + soonest


# The worker lets go of its connection between tasks.
@pytest.mark.django_db(transaction=True)
def test_the_worker_does_what_was_handed_over(clock: Clock) -> None:
    enqueue_due()
    run_worker()
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"SUCCESSFUL"}


@pytest.mark.django_db(transaction=True)
def test_of_several_nodes_one_hands_it_over() -> None:
    gate = threading.Barrier(3)
    handed: list[str] = []

    def node() -> None:
        gate.wait(30)
        try:
            handed.extend(enqueue_due())
        finally:
            connection.close()

    nodes = [threading.Thread(target=node) for _ in range(3)]
    for thread in nodes:
        thread.start()
    for thread in nodes:
        thread.join(60)
    assert sorted(handed) == sorted(ALL)
    assert DBTaskResult.objects.count() == len(JOBS)


def test_every_job_comes_round_in_reasonable_time() -> None:
    assert len(set(ALL)) == len(ALL)
    assert all(timedelta(minutes=1) <= job.every <= timedelta(days=7) for job in JOBS)


def run_worker() -> None:
    """Do all tasks there are."""
    Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    ).run()
