from datetime import datetime

from portico.domain.access.models import EmailVerification, RateLimitCounter


def sweep_verifications(before: datetime) -> int:
    """Remove verifications and rate-limit counters that expired before an instant; returns how many."""
    verifications, _ = EmailVerification.objects.filter(expires_at__lt=before).delete()
    counters, _ = RateLimitCounter.objects.filter(ends_at__lt=before).delete()
    return verifications + counters
