"""What a customer promised to pay, in words, and where it is promised."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents.models import Document
from portico.domain.payments.models import PaymentPromise
from portico.domain.payments.queries import promises_of
from portico.lib.l10n import Formatter, apart
from portico.output.wording.methods import method_label
from portico.web.portal.core.existing import existing
from portico.web.portal.core.urls import item_url
from portico.web.shared.memo import memoized


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise in words; `url` leads to where it is changed, and `words` are empty where nothing is promised yet."""

    words: str
    url: str


# Making and withdrawing a promise move the customer's revision, and so does a payment.
@memoized
def promises(viewer: CustomerViewer) -> dict[UUID, PaymentPromise]:
    """Return the promises whose money is awaited, by document; none where the business takes none."""
    if not existing(viewer).promises:
        return {}
    return {row.document_id: row for row in promises_of(viewer, viewer.customer)}


def promised(viewer: CustomerViewer, invoice: Document, fmt: Formatter) -> Promised | None:
    """Return what is promised for an invoice; None where nothing can be promised."""
    if not viewer.business.allow_promises or not invoice.is_owed:
        return None
    row = promises(viewer).get(invoice.pk)
    return Promised(promise_message(row, fmt) if row else "", item_url("promise", invoice.public_id))


def promise_message(row: PaymentPromise, fmt: Formatter) -> str:
    """Say to the customer what they promised."""
    values = {
        "amount": fmt.money(row.amount, row.document.currency),
        "number": fmt.code(row.document.number),
        "date": fmt.date(row.promised_on),
        "method": method_label(row.method),
        "reference": apart(row.reference),
    }
    if row.reference:
        words = _("You said you will pay %(amount)s of %(number)s on %(date)s: %(method)s, reference %(reference)s.")
    else:
        words = _("You said you will pay %(amount)s of %(number)s on %(date)s: %(method)s.")
    return words % values
