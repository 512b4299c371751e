"""Rate limits: on mails to an address, on codes typed, on links requested.

Kept in the database, so that a limit holds over all processes and nodes.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from portico.domain.access.models import RateLimitCounter
from portico.domain.access.secrets import stored_form
from portico.lib.clock import now


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` times in each window of `per`, counted separately for each name that is passed to `hit`."""

    what: str
    count: int
    per: timedelta


@transaction.atomic
def hit(limit: Limit, name: str) -> bool:
    """Count one more time for `name`, and tell whether that is still within the limit.

    `name` is an address, a network, a business: it is stored as a hash. A window begins with the first time.
    """
    moment = now()
    key, _ = stored_form(f"{limit.what}\x00{name}", "tally")
    RateLimitCounter.objects.get_or_create(name=key, defaults={"ends_at": moment + limit.per})
    counter = RateLimitCounter.objects.select_for_update().get(name=key)
    if counter.ends_at <= moment:
        RateLimitCounter.objects.filter(pk=key).update(count=1, ends_at=moment + limit.per)
        return True
    if counter.count >= limit.count:
        return False
    RateLimitCounter.objects.filter(pk=key).update(count=F("count") + 1)
    return True
