from portico.domain.businesses.models import Membership


def choose_alerts(membership: Membership, alerts: Membership.Alerts) -> None:
    """Set which comments of customers a member of staff is told of by mail: their own matter, so no event."""
    membership.comment_alerts = alerts
    membership.save(update_fields=["comment_alerts"])
