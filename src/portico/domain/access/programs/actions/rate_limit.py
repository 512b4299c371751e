"""Counting what may not happen without end: mails to an address, codes typed, links asked for.

Kept in the database, so that a limit holds over all processes and nodes.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from portico.domain.access.models import Tally
from portico.domain.access.secrets import stored_form
from portico.lib.clock import now


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` times `per` span of time, for each of whom `what` is counted by."""

    what: str
    count: int
    per: timedelta


@transaction.atomic
def take(limit: Limit, whom: str) -> bool:
    """Count one more time for `whom`, and tell whether that is still within the limit.

    `whom` is an address, a network, a business: it is stored as a hash. A window begins with the first time.
    """
    moment = now()
    name, _ = stored_form(f"{limit.what}\x00{whom}", "tally")
    Tally.objects.get_or_create(name=name, defaults={"ends_at": moment + limit.per})
    tally = Tally.objects.select_for_update().get(name=name)
    if tally.ends_at <= moment:
        Tally.objects.filter(pk=name).update(count=1, ends_at=moment + limit.per)
        return True
    if tally.count >= limit.count:
        return False
    Tally.objects.filter(pk=name).update(count=F("count") + 1)
    return True
