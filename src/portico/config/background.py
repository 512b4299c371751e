"""The worker and the scheduler, run until they are asked to stop."""

import logging
import signal
import threading

from django.db import DatabaseError, close_old_connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from portico.jobs.outbox import keep_reacting
from portico.jobs.schedule import keep_time
from portico.lib.faults import fault_of, note

# How long what is under way may take when the program is asked to stop, in seconds.
_GRACE = 8


def work() -> None:
    """Do what is to be done in the background, until SIGTERM or SIGINT."""
    # Being asked to stop is no event worth a warning.
    logging.getLogger("django_tasks_db").setLevel(logging.ERROR)
    worker = Worker(
        queue_names=["*"],
        interval=1,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    )
    worker.configure_signals()
    stop = threading.Event()
    threading.Thread(target=keep_time, args=[stop], name="scheduler", daemon=True).start()
    outbox = threading.Thread(target=keep_reacting, args=[stop], name="outbox", daemon=True)
    outbox.start()
    try:
        _run(worker)
    finally:
        stop.set()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        # The mail that is on its way may arrive, so that nobody has to send it again.
        outbox.join(_GRACE)


def _run(worker: Worker) -> None:
    """Run tasks until the worker is asked to stop: a database that is away only delays them."""
    pause = threading.Event()
    while worker.running:
        try:
            worker.run()
        except DatabaseError as error:
            fault = fault_of(error)
            if fault is None:
                raise
            note(fault, error)
            close_old_connections()
            pause.wait(worker.interval)
