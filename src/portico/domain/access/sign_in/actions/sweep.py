from datetime import datetime

from portico.domain.access.models import EmailVerification, RateLimitCounter, StaffLink


def sweep_verifications(before: datetime) -> int:
    """Remove verifications, links for new passwords and rate-limit counters that expired before an instant.

    Returns how many.
    """
    verifications, _ = EmailVerification.objects.filter(expires_at__lt=before).delete()
    links, _ = StaffLink.objects.filter(kind=StaffLink.Kind.PASSWORD, expires_at__lt=before).delete()
    counters, _ = RateLimitCounter.objects.filter(ends_at__lt=before).delete()
    return verifications + links + counters
