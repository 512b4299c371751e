"""Where the server can be killed while it pays. An order is a file; the first process at the place carries it out."""

import json
import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

# Around the attempt's own commit, the provider's call and the commit of what came of it. The bank sees to DURING_CALL.
BEFORE_ATTEMPT, AFTER_ATTEMPT = "before-attempt", "after-attempt"
BEFORE_CALL, DURING_CALL, AFTER_CALL = "before-call", "during-call", "after-call"
BEFORE_OUTCOME, AFTER_OUTCOME = "before-outcome", "after-outcome"

FOLDER_VARIABLE = "FAULTS_FOLDER"
VIOLATIONS = "calls-inside-a-transaction"


def order(folder: Path, place: str, role: str, pids: Iterable[int]) -> Path:
    """Have these processes killed as soon as one of a role, `web` or `worker`, comes to a place.

    Returns the order's file.
    """
    file = folder / f"{role}-{place}"
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps(list(pids)))
    return draft.rename(file)


def reach(folder: Path, place: str, role: str) -> None:
    """Carry out the order for this place, if there is one: once, whichever processes reach it."""
    file = folder / f"{role}-{place}"
    try:
        pids = json.loads(file.read_text())
        file.unlink()
    except FileNotFoundError:
        return
    kill(pids)


def kill(pids: Iterable[int]) -> None:
    """Kill processes at once, this one last."""
    for pid in sorted(pids, key=lambda pid: pid == os.getpid()):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
