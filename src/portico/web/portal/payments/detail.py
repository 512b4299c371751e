"""A payment: what came in, what it paid, its receipt."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents.models import Kind
from portico.domain.ledger.queries import allocations_of
from portico.domain.payments import queries
from portico.domain.payments.models import Payment, State
from portico.lib.ids import Ref
from portico.output.pdf.pdf_files import receipt_filename, receipt_pdf
from portico.output.wording.payments import payment_facts
from portico.web.portal.core.allocations import customer_allocations
from portico.web.portal.core.etag import revalidated
from portico.web.portal.core.gate import portal_page
from portico.web.portal.core.kind_urls import list_url
from portico.web.portal.core.kinds import PAYMENT
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.urls import item_url
from portico.web.shared.download import attachment
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import payment_tag


@portal_page(opens=[PAYMENT, Kind.INVOICE])
@revalidated
def payment(request: HttpRequest, viewer: CustomerViewer, name: str) -> HttpResponse:
    """Show a payment with everything it was put against."""
    row = queries.payment(viewer, name)
    fmt = reader_formatter()
    context = {
        "payment": {
            "title": _("Payment %(number)s") % {"number": row.number},
            "back_url": list_url(PAYMENT),
            "tag": payment_tag(row),
            "amount_label": _("Amount") if row.state == State.VOIDED else _("Amount paid"),
            "amount": fmt.money(row.amount, row.currency),
            "facts": payment_facts(row, fmt),
            "refunded": fmt.money(row.refunded, row.currency) if row.refunded else "",
            "applied": customer_allocations(
                row.item_id, allocations_of(row.item_id), row.currency, viewer, fmt, given=True
            ),
            "unapplied": fmt.money(row.unapplied, row.currency) if row.unapplied else "",
            "note": row.note,
            "receipt_url": item_url("receipt", row.public_id),
        }
    }
    return customer_page(request, viewer, "portal/payments/detail.html", context, nav="activity")


@portal_page(opens=[PAYMENT, Kind.INVOICE])
def receipt(request: HttpRequest, viewer: CustomerViewer, name: str) -> HttpResponse:
    """Send a payment's receipt as PDF."""
    return _receipt(queries.payment(viewer, name))


def linked_receipt(request: HttpRequest, viewer: CustomerViewer, target: Ref) -> HttpResponse:
    """Return the receipt of the payment that a link opens. Raises NotFound."""
    return _receipt(queries.payment(viewer, target.public_id))


def _receipt(row: Payment) -> HttpResponse:
    return attachment(receipt_pdf(row, reader_formatter().language), receipt_filename(row), "application/pdf")
