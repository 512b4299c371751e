from portico.domain.businesses.models import Membership
from portico.lib.clock import now


def choose_alerts(membership: Membership, alerts: Membership.Alerts, *, daily: bool = False) -> None:
    """Set which comments of customers a member of staff is told of by mail, and whether once a day: no event."""
    if daily and not membership.daily_digest:
        # What was said before was told at once.
        membership.digested_at = now()
    membership.comment_alerts, membership.daily_digest = alerts, daily
    membership.save(update_fields=["comment_alerts", "daily_digest", "digested_at"])
