"""Hands what was announced to its reaction, in order, as soon as it is committed.

Several workers may do this at once: an activity is taken by one of them for a while. A worker that dies with it lets
another one have it after that, so a reaction may run twice and has to be fine with it.
"""

import logging
import threading
from datetime import timedelta

from django.db import DatabaseError, close_old_connections, connections

from portico.domain.activity.actions.claim import Unfinished, claim_next, finish, reschedule
from portico.domain.activity.models import Activity
from portico.jobs.reactions import REACTIONS
from portico.lib.clock import now
from portico.lib.errors import PorticoError
from portico.lib.faults import fault_of, note
from portico.output.mail.actions.send import drop_queued
from portico.output.mail.errors import NotSentYet

_logger = logging.getLogger(__name__)

# How long an activity waits at most before it is noticed.
_LOOK_EVERY = timedelta(seconds=1)
# For how long a reaction that fails is tried again.
_PATIENCE = timedelta(hours=24)
_URGENT = [verb for verb, reaction in REACTIONS.items() if reaction.urgent]


def react_to_next() -> bool:
    """React to the first activity that is due, and tell whether there was one."""
    activity = claim_next(_URGENT)
    if activity is None:
        return False
    try:
        REACTIONS[activity.verb].run(activity)
    except Unfinished:
        # At once, but after what came in the meantime, and after all that is urgent.
        reschedule(activity, now() + timedelta(milliseconds=1))
    except NotSentYet as refusal:
        _logger.info("%s has to wait: %s", activity, refusal)
        if refusal.again_at is None:
            _again(activity)
        else:
            reschedule(activity, refusal.again_at)
    except PorticoError as refusal:
        _logger.info("%s has to wait: %s", activity, refusal)
        _again(activity)
    except Exception:  # whatever is wrong with one activity, the others have their turn
        _logger.exception("The reaction to %s failed.", activity)
        _again(activity)
    else:
        drop_queued(activity)
        finish(activity)
    return True


def keep_reacting(stop: threading.Event) -> None:
    """React to everything that is due, again and again, until `stop` is set. A database that is away only delays it."""
    while not stop.is_set():
        try:
            while not stop.is_set() and react_to_next():
                pass
        except DatabaseError as error:
            fault = fault_of(error)
            if fault is None:
                _logger.exception("The outbox could not be read; trying again.")
            else:
                note(fault, error)
        finally:
            close_old_connections()
        stop.wait(_LOOK_EVERY.total_seconds())
    connections.close_all()


def _again(activity: Activity) -> None:
    moment = activity.next_try(_PATIENCE)
    if moment is None:
        _logger.error("%s was given up.", activity)
        finish(activity)
    else:
        reschedule(activity, moment)
