"""When AutoPay collects an open invoice, and by what: said in place of Pay."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from portico.domain.access.viewer import CustomerViewer
from portico.domain.payments.autopay import collections_of
from portico.lib.clock import local_date
from portico.lib.l10n import Formatter
from portico.output.wording.payment_methods import saved_label
from portico.web.portal.core.existing import existing
from portico.web.shared.memo import memoized


@dataclass(frozen=True, slots=True)
class Collected:
    """The day on which an invoice is collected, and the method: empty where the reader may not know it."""

    day: date
    method: str


# Enrolling, methods, invoices and attempts move the customer's revision, gateways and switches the business's.
@memoized
def to_be_collected(viewer: CustomerViewer) -> dict[UUID, Collected]:
    """Return what AutoPay is to collect of the viewer's invoices, by document."""
    there = existing(viewer)
    if not there.autopay and not there.collecting_plans:
        return {}
    zone = viewer.business.time_zone
    return {
        key: Collected(
            local_date(row.at, zone), saved_label(row.offer.saved) if row.offer.saved and viewer.has_account else ""
        )
        for key, row in collections_of(viewer).items()
        if row.at is not None
    }


def collection_message(collected: Collected, today: date, fmt: Formatter) -> str:
    """Return `Collected on 3 Dec by Visa •4242`."""
    day = fmt.date(max(collected.day, today))
    if not collected.method:
        return _("Collected on %(date)s") % {"date": day}
    return _("Collected on %(date)s by %(method)s") % {"date": day, "method": collected.method}
