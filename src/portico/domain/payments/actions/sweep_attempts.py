import logging
from datetime import timedelta

from django.db.models import Q

from portico.domain.activity.actor import SYSTEM
from portico.domain.payments.actions.ask_provider import cancel_attempt, read_outcome
from portico.domain.payments.gateway import ProviderUnreachable
from portico.domain.payments.models import ACTIVE_STATES, AttemptState, PaymentAttempt
from portico.lib.clock import now
from portico.lib.errors import PorticoError

logger = logging.getLogger(__name__)

# How long an attempt is left to the page and the webhook before the provider is asked.
_PATIENCE = timedelta(minutes=2)
# How long a customer may take for a bank's challenge; afterwards it collects nothing any more.
_CHALLENGE_LIFE = timedelta(hours=1)


def sweep_attempts() -> int:
    """Ask providers about the attempts that were left open, and give up those that nobody will finish.

    Returns how many came to an end.
    """
    finished = 0
    for attempt in _left_open():
        try:
            finished += not _looked_after(attempt).is_active
        except ProviderUnreachable:
            logger.warning("Attempt %s: the provider gave no answer; it will be asked again.", attempt.public_id)
        except PorticoError as refusal:
            # Also a gateway whose package is gone, or keys that can't be read: the others are asked all the same.
            logger.error("Attempt %s: the provider can't be asked (%s).", attempt.public_id, refusal.code)
    return finished


def _left_open() -> list[PaymentAttempt]:
    before = now() - _PATIENCE
    rows = PaymentAttempt.objects.filter(state__in=ACTIVE_STATES)
    rows = rows.filter(Q(asked_at__lte=before) | Q(asked_at__isnull=True, created_at__lte=before))
    return list(rows.select_related("gateway_account__business").order_by("id")[:500])


def _looked_after(attempt: PaymentAttempt) -> PaymentAttempt:
    attempt = read_outcome(attempt)
    began = attempt.asked_at or attempt.created_at
    # The provider never heard of it, or the customer went away from the challenge.
    unheard = attempt.state == AttemptState.CREATED
    abandoned = attempt.state == AttemptState.REQUIRES_ACTION and began <= now() - _CHALLENGE_LIFE
    return cancel_attempt(attempt, by=SYSTEM) if unheard or abandoned else attempt
