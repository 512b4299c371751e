from datetime import datetime

from portico.domain.access.models import EmailVerification, RateLimitCounter


def sweep_verifications(before: datetime) -> int:
    """Remove the sign-in mails and the counts of limits that had their time before an instant; returns how many."""
    verifications, _ = EmailVerification.objects.filter(expires_at__lt=before).delete()
    tallies, _ = RateLimitCounter.objects.filter(ends_at__lt=before).delete()
    return verifications + tallies
