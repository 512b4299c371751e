"""Whether customers can pay here, what of it is being processed, and where the pay page is."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _

from portico.domain.access.viewer import CustomerViewer
from portico.domain.payments.models import AttemptState, PaymentAttempt
from portico.domain.payments.queries import under_way_by_document
from portico.lib.l10n import Formatter
from portico.web.portal.core.existing import existing
from portico.web.portal.core.urls import item_url, page_url
from portico.web.shared.memo import memoized


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A payment that may still collect money, in words; `url` says how far it is, empty where it can't be opened."""

    words: str
    url: str


def can_pay(viewer: CustomerViewer) -> bool:
    """Tell whether the viewer's business takes payments in the portal."""
    return existing(viewer).gateways


# What becomes of an attempt moves the customer's revision.
@memoized
def payments_under_way(viewer: CustomerViewer) -> dict[UUID, PaymentAttempt]:
    """Return the attempts that may still collect money, by the document they are for."""
    return under_way_by_document(viewer) if existing(viewer).under_way else {}


def pay_url(invoices: Iterable[str] = (), **more: str) -> str:
    """Return the pay page's address for invoices by public id, or for everything that is due."""
    query = urlencode([*(("invoice", invoice) for invoice in invoices), *more.items()])
    return f"{page_url('pay')}?{query}" if query else page_url("pay")


def under_way_notice(attempt: PaymentAttempt, fmt: Formatter, *, opens: bool) -> UnderWay:
    """Say that a payment is being processed; `opens` names its amount and links to its page."""
    amount = {"amount": fmt.money(attempt.charged, attempt.currency)}
    if not opens:
        return UnderWay(_("A payment is being processed."), "")
    if attempt.state == AttemptState.REQUIRES_ACTION:
        words = _("A payment of %(amount)s is waiting for your confirmation.") % amount
    else:
        words = _("A payment of %(amount)s is being processed.") % amount
    return UnderWay(words, item_url("payment_attempt", attempt.public_id))
