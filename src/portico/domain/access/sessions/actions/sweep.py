from datetime import datetime

from django.db.models import Q

from portico.domain.access.models import PortalSession


def sweep_sessions(before: datetime) -> int:
    """Remove the portal sessions that ended or expired before an instant; returns how many."""
    removed, _ = PortalSession.objects.filter(Q(ended_at__lt=before) | Q(expires_at__lt=before)).delete()
    return removed
