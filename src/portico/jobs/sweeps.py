"""Tasks that remove what has served its time, and keep indexes. Each may run twice, or be missed once, without harm."""

from datetime import timedelta

from django.core.management import call_command
from django.db import connection
from django.tasks import task

from portico.domain.access.programs.actions.sweep import sweep_stored_responses
from portico.domain.access.sessions.actions.sweep import sweep_sessions
from portico.domain.access.sign_in.actions.sweep import sweep_verifications
from portico.domain.files.actions.sweep import sweep_content
from portico.domain.payments.actions.rebuild_search import index_new_installations
from portico.lib.clock import now
from portico.output.pdf import cache

# How long an ended session stays for staff who want to know who looked when.
SESSIONS_KEPT = timedelta(days=90)
# How long an answer is kept for a program that asks again with the same Idempotency-Key.
RESPONSES_KEPT = timedelta(hours=24)
# How long a sign-in mail stays after its end, so that a reader who opens it late learns what it was.
VERIFICATIONS_KEPT = timedelta(days=1)


@task
def sessions() -> int:
    """Remove portal sessions that ended long ago, and the staff's expired ones; returns how many of the portal's."""
    call_command("clearsessions", verbosity=0)
    return sweep_sessions(now() - SESSIONS_KEPT)


@task
def stored_responses() -> int:
    """Remove answers kept for programs that may ask again; returns how many."""
    return sweep_stored_responses(now() - RESPONSES_KEPT)


@task
def verifications() -> int:
    """Remove sign-in mails and counts of limits that had their time a day ago; returns how many."""
    return sweep_verifications(now() - VERIFICATIONS_KEPT)


@task
def pdf_cache() -> int:
    """Remove rendered PDFs that nobody asked for in a while; returns how many."""
    return cache.sweep(now())


@task
def files() -> int:
    """Remove stored content that no file names any more; returns how many."""
    return sweep_content()


@task
def search_index() -> int:
    """Make the search index of businesses that were there before it was; returns how many those were."""
    return index_new_installations()


@task
def database_statistics() -> None:
    """Let SQLite count what its indexes hold, by samples, in a moment: without, it takes the worse of two of them.

    PostgreSQL counts by itself.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")


@task
def task_results() -> None:
    """Remove the results of tasks that were done two weeks ago."""
    call_command("prune_db_task_results", verbosity=0, queue_name="*")
