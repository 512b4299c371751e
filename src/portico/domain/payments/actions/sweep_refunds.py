import logging
from datetime import timedelta

from portico.domain.activity.actor import SYSTEM
from portico.domain.payments.actions.ask_refund import ask_refund, read_refund
from portico.domain.payments.gateway import ProviderRefused, ProviderUnreachable
from portico.domain.payments.models import ACTIVE_REFUNDS, Refund, RefundState
from portico.lib.clock import now

logger = logging.getLogger(__name__)

# How long a refund is left to the page and the webhook before the provider is asked.
_PATIENCE = timedelta(minutes=2)


def sweep_refunds() -> int:
    """Ask providers about the refunds that were left open, and ask for those again that never reached them.

    Returns how many came to an end.
    """
    finished = 0
    for refund in _left_open():
        try:
            found = read_refund(refund)
            if found.state == RefundState.CREATED:
                # The provider never heard of it; the key is the same, so that one on its way is not given twice.
                found = ask_refund(found, by=SYSTEM)
            finished += not found.is_active
        except ProviderUnreachable:
            logger.warning("Refund %s: the provider gave no answer; it will be asked again.", refund.public_id)
        except ProviderRefused as refusal:
            logger.error("Refund %s: the provider refused to say (%s).", refund.public_id, refusal.code)
    return finished


def _left_open() -> list[Refund]:
    rows = Refund.objects.filter(state__in=ACTIVE_REFUNDS, created_at__lte=now() - _PATIENCE)
    rows = rows.select_related("gateway_account__business", "payment__attempt")
    return list(rows.order_by("created_at", "id")[:500])
