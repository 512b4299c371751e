import logging
from datetime import timedelta

from django.db import transaction

from portico.domain.access.errors import SignedLinkRefused
from portico.domain.access.programs.actions.rate_limit import Limit, hit
from portico.domain.access.viewer import ClientInfo
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business

logger = logging.getLogger(__name__)

# So that staff see what goes wrong, and nobody fills the history by trying.
_NOTED = Limit("refused signed link", 10, timedelta(hours=1))


@transaction.atomic
def note_refusal(business: Business, refused: SignedLinkRefused, client: ClientInfo) -> None:
    """Tell the log and the business's staff that a link was refused and why; the same reason a few times an hour."""
    logger.warning("A signed link of %s was refused: %s", business.slug, refused.reason)
    if not hit(_NOTED, f"{business.pk} {refused.reason}"):
        return
    record(
        Event.SIGNED_LINK_REFUSED,
        business,
        by=Actor("system", label="Portico", ip=client.ip),
        customer_id=refused.customer.pk if refused.customer else None,
        data={"refusal": refused.reason},
    )
