"""A payment: what came in, what it paid, its receipt."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.domain.access.viewer import CustomerViewer
from portico.domain.ledger.queries import Applied
from portico.domain.payments import queries
from portico.domain.payments.models import Payment, State
from portico.lib.l10n import Formatter
from portico.output.pdf.printing import receipt_filename, receipt_pdf
from portico.output.pdf.wording import method_word
from portico.web.portal.addresses import item_address
from portico.web.portal.applied import applied_rows
from portico.web.portal.frame import customer_page
from portico.web.portal.gate import portal_page
from portico.web.portal.kinds import PAYMENT, list_url
from portico.web.portal.unchanged import revalidated
from portico.web.shared.download import attachment
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import Tag, plain_tag


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment in a short list."""

    url: str
    date: str
    words: str
    tag: Tag
    amount: str
    receipt_url: str


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    text: str


@portal_page(opens=[PAYMENT])
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
            "amount": fmt.money(row.amount, row.currency),
            "facts": _facts(row, fmt),
            "applied": applied_rows(row.item_id, row.currency, viewer.business, fmt, given=True),
            "unapplied": fmt.money(row.unapplied, row.currency) if row.unapplied else "",
            "note": row.note,
            "receipt_url": item_address("receipt", row.public_id),
        }
    }
    return customer_page(request, viewer, "portal/payment.html", context, place="activity")


@portal_page(opens=[PAYMENT])
def receipt(request: HttpRequest, viewer: CustomerViewer, name: str) -> HttpResponse:
    """Send a payment's receipt as PDF."""
    return receipt_file(viewer, name)


def receipt_file(viewer: CustomerViewer, name: str) -> HttpResponse:
    """Return a payment's receipt in the language that is active. Raises NotFound."""
    row = queries.payment(viewer, name)
    return attachment(receipt_pdf(row, reader_formatter().language), receipt_filename(row), "application/pdf")


def _facts(row: Payment, fmt: Formatter) -> list[Fact]:
    facts = [Fact(_("Received"), fmt.date(row.paid_on)), Fact(_("Paid by"), method_word(row.method))]
    if row.reference:
        facts.append(Fact(_("Reference"), row.reference))
    if row.refunded:
        facts.append(Fact(_("Refunded"), fmt.money(row.refunded, row.currency)))
    if row.voided_on:
        facts.append(Fact(_("Voided"), fmt.date(row.voided_on)))
    return facts


def payment_rows(rows: list[Payment], paid: dict[UUID, list[Applied]], fmt: Formatter) -> list[PaymentRow]:
    """Return short rows saying how each payment came and what it paid; `paid` is by ledger item."""
    return [
        PaymentRow(
            url=item_address(PAYMENT, row.public_id),
            date=fmt.date(row.paid_on),
            words=" · ".join(filter(None, [method_word(row.method), _paid(paid.get(row.item_id, []), fmt)])),
            tag=payment_tag(row),
            amount=fmt.money(row.amount, row.currency),
            receipt_url=item_address("receipt", row.public_id) if row.state == State.SUCCEEDED else "",
        )
        for row in rows
    ]


def _paid(parts: list[Applied], fmt: Formatter) -> str:
    invoices = [part for part in parts if part.kind == "invoice"]
    if len(invoices) == 1:
        return fmt.code(invoices[0].number)
    count = len(invoices)
    return ngettext("%(count)s invoice", "%(count)s invoices", count) % {"count": count} if count else ""


def payment_tag(row: Payment) -> Tag:
    """Return the tag of a payment: received, partly or wholly refunded, voided."""
    if row.state == State.VOIDED:
        return plain_tag("voided")
    if row.refunded:
        return plain_tag("refunded" if row.refunded == row.amount else "partially_refunded")
    return plain_tag("succeeded")
