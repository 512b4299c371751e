from datetime import datetime

from portico.domain.access.models import Challenge, Tally


def sweep_challenges(before: datetime) -> int:
    """Remove the sign-in mails and the counts of limits that had their time before an instant; returns how many."""
    challenges, _ = Challenge.objects.filter(expires_at__lt=before).delete()
    tallies, _ = Tally.objects.filter(ends_at__lt=before).delete()
    return challenges + tallies
