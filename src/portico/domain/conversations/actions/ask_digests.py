"""Asking for the digests of the day, one for each member of staff who wants one."""

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import SYSTEM
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Membership
from portico.domain.conversations.alerts import comments_to_digest
from portico.lib.clock import local_date, local_hour, now

# Digests come when somebody is at work, by the business's own clock.
_FROM_HOUR = 8


def ask_digests() -> int:
    """Ask for every digest that is due; returns how many. Nobody gets one in which nothing stands."""
    rows = Membership.objects.filter(daily_digest=True, user__is_active=True, business__allow_messages=True)
    return sum(_ask(row) for row in rows.exclude(comment_alerts=Membership.Alerts.NONE).select_related("business"))


@transaction.atomic
def _ask(membership: Membership) -> bool:
    """Announce one in the transaction that notes it, so that of several workers, or after a crash, one does it."""
    zone, moment = membership.business.time_zone, now()
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    since = row.digested_at
    if local_hour(zone) < _FROM_HOUR or since is None or local_date(since, zone) >= local_date(moment, zone):
        return False
    row.digested_at = moment
    row.save(update_fields=["digested_at"])
    if not comments_to_digest(membership, since, moment):
        return False
    data = {"membership": str(row.pk), "since": since.isoformat(), "until": moment.isoformat()}
    record(Event.STAFF_DIGEST_DUE, membership.business, by=SYSTEM, data=data)
    return True
