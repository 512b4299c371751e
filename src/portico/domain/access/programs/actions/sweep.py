from datetime import datetime

from portico.domain.access.models import StoredResponse


def sweep_stored_responses(before: datetime) -> int:
    """Remove the answers given to programs before an instant; returns how many."""
    removed, _ = StoredResponse.objects.filter(created_at__lt=before).delete()
    return removed
