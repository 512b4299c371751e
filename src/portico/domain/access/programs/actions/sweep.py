from datetime import datetime

from portico.domain.access.models import IdempotentAnswer


def sweep_answers(before: datetime) -> int:
    """Remove the answers given to programs before an instant; returns how many."""
    removed, _ = IdempotentAnswer.objects.filter(created_at__lt=before).delete()
    return removed
