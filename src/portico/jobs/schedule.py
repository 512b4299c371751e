"""Work that comes round by the clock. A job that is due becomes a task for the worker."""

import logging
import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, close_old_connections, transaction
from django.tasks import Task

from portico.jobs import automatic_mail, digest_mail, domains, payments, sweeps
from portico.jobs.models import ScheduledJob
from portico.lib.clock import now
from portico.lib.faults import fault_of, note

_logger = logging.getLogger(__name__)

# How long a due job waits at most before it is noticed.
_LOOK_EVERY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Job:
    """A task and how often it comes round."""

    name: str
    task: Task[Any, Any]
    every: timedelta


JOBS = (
    Job("payments-left-open", payments.left_open, timedelta(minutes=1)),
    Job("payments-keep-up", payments.keep_up, timedelta(minutes=1)),
    Job("payments-autopay", payments.autopay, timedelta(minutes=5)),
    Job("payments-reminders", payments.reminders, timedelta(hours=6)),
    Job("payments-expiring-methods", payments.expiring_methods, timedelta(days=1)),
    Job("check-domains", domains.check_domains, timedelta(hours=1)),
    Job("mail-reminders", automatic_mail.remind, timedelta(minutes=15)),
    Job("staff-digests", digest_mail.digests, timedelta(minutes=15)),
    Job("sweep-sessions", sweeps.sessions, timedelta(days=1)),
    Job("sweep-stored-responses", sweeps.stored_responses, timedelta(hours=1)),
    Job("sweep-verifications", sweeps.verifications, timedelta(days=1)),
    Job("sweep-pdf-cache", sweeps.pdf_cache, timedelta(days=1)),
    Job("sweep-files", sweeps.files, timedelta(days=1)),
    Job("search-index", sweeps.search_index, timedelta(days=1)),
    Job("database-statistics", sweeps.database_statistics, timedelta(hours=1)),
    Job("sweep-task-results", sweeps.task_results, timedelta(days=1)),
)


def enqueue_due() -> list[str]:
    """Give every due job to the worker, and return their names.

    The next scheduled is kept and the task enqueued in one transaction under the row's lock, so that of several nodes
    one does it; after a downtime a job that was due many times is done once.
    """
    return [job.name for job in JOBS if _enqueue(job)]


@transaction.atomic
def _enqueue(job: Job) -> bool:
    moment = now()
    ScheduledJob.objects.get_or_create(job=job.name, defaults={"due_at": moment})
    scheduled = ScheduledJob.objects.select_for_update().get(job=job.name)
    if scheduled.due_at > moment:
        return False
    scheduled.due_at = moment + job.every
    scheduled.save(update_fields=["due_at"])
    job.task.enqueue()
    return True


def keep_time(stop: threading.Event) -> None:
    """Hand over what is due until `stop` is set. A database that is away for a while only delays it."""
    while not stop.is_set():
        try:
            enqueue_due()
        except DatabaseError as error:
            fault = fault_of(error)
            if fault is None:
                _logger.exception("The schedule could not be read; trying again.")
            else:
                note(fault, error)
        finally:
            close_old_connections()
        stop.wait(_LOOK_EVERY.total_seconds())
