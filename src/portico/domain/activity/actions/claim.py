"""The outbox: what was announced is taken by one worker at a time, and finished or put off."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Case, Value, When

from portico.domain.activity.models import Activity
from portico.lib.clock import now

# How long a worker that took an activity keeps it to itself. Longer than any reaction takes; after it
# the worker is taken for dead, and another may have it.
LEASE = timedelta(minutes=5)


class Unfinished(Exception):
    """A reaction has done a part of what it has to do, and is to have the rest another time, so that others go on."""


def claim_next(urgent: Collection[str]) -> Activity | None:
    """Take the first activity that is due for a reaction: those with an urgent verb first, then the oldest; or None."""
    order = Case(When(verb__in=urgent, then=Value(0)), default=Value(1))
    while True:
        moment = now()
        due = Activity.objects.filter(react_at__lte=moment).order_by(order, "react_at", "id").first()
        if due is None or _move(due, moment + LEASE):
            return due


def finish(activity: Activity) -> None:
    """Note that a taken activity has had its reaction."""
    _move(activity, None)


def reschedule(activity: Activity, moment: datetime) -> None:
    """Give a taken activity back, to be taken again from `moment` on."""
    _move(activity, moment)


def _move(activity: Activity, moment: datetime | None) -> bool:
    """Change `react_at`, unless somebody else did in the meantime: then they have it, and it stays as they left it."""
    moved = Activity.objects.filter(pk=activity.pk, react_at=activity.react_at).update(react_at=moment)
    activity.react_at = moment
    return bool(moved)
