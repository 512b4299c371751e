"""Forgetting what has served its time. What happened stays in the history."""

from datetime import datetime

from django.db.models import Q

from portico.domain.access.models import Challenge, IdempotentAnswer, PortalSession, Tally


def sweep_sessions(before: datetime) -> int:
    """Remove the portal sessions that ended or expired before an instant; returns how many."""
    removed, _ = PortalSession.objects.filter(Q(ended_at__lt=before) | Q(expires_at__lt=before)).delete()
    return removed


def sweep_answers(before: datetime) -> int:
    """Remove the answers given to programs before an instant; returns how many."""
    removed, _ = IdempotentAnswer.objects.filter(created_at__lt=before).delete()
    return removed


def sweep_challenges(before: datetime) -> int:
    """Remove the sign-in mails and the counts of limits that had their time before an instant; returns how many."""
    challenges, _ = Challenge.objects.filter(expires_at__lt=before).delete()
    tallies, _ = Tally.objects.filter(ends_at__lt=before).delete()
    return challenges + tallies
