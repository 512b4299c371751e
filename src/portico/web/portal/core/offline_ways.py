"""The ways to pay without a provider that the viewer's business offers."""

from portico.domain.access.viewer import CustomerViewer
from portico.domain.payments.models import GatewayAccount, Method
from portico.domain.payments.offline import offline_accounts, offline_methods
from portico.web.portal.core.existing import existing
from portico.web.shared.memo import memoized


# What a business says of them changes its revision.
@memoized
def _accounts(viewer: CustomerViewer) -> list[GatewayAccount]:
    return list(offline_accounts(viewer.business)) if existing(viewer).offline else []


def offline_ways(viewer: CustomerViewer, currency: str, amount: int = 0) -> list[Method]:
    """Return the ways that an amount (minor units; 0 for any) can be paid by without a provider."""
    return offline_methods(_accounts(viewer), currency, amount)
