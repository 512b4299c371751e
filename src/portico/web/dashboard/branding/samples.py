"""What the previews of a brand show: an invoice and a list that nobody has."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.document_input import DocumentInput, checked_totals
from portico.domain.documents.kinds import Kind, Status
from portico.domain.documents.new_rows import new_document, new_lines
from portico.domain.documents.totals import LineInput
from portico.lib.l10n import current_language
from portico.output.pdf.document_sheet import document_sheet
from portico.output.pdf.sheets import DocumentSheet
from portico.web.shared.status import Tag, plain_tag

_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class SampleRow:
    """An invoice of the list; amounts are minor units of the business's currency."""

    number: str
    due: date
    tag: Tag
    amount: int


def sample_rows(business: Business) -> list[SampleRow]:
    """Return three invoices: past due, open and paid."""
    today = business.today()
    return [
        SampleRow("INV-0042", today + _MONTH, plain_tag(Status.ISSUED), 31_000),
        SampleRow("INV-0041", today - _MONTH, plain_tag(Status.PAST_DUE), 89_400),
        SampleRow("INV-0040", today - 2 * _MONTH, plain_tag(Status.PAID), 24_000),
    ]


def sample_invoice(business: Business, *, printed: bool = False) -> DocumentSheet:
    """Return the sheet of an invoice to a customer there is not."""
    today = business.today()
    customer = Customer(business=business, name=_("Sample customer"), email="billing@example.com")
    lines = [
        LineInput(_("Item"), Decimal(1), Decimal(240), tax_rate=Decimal(20)),
        LineInput(_("Delivery"), Decimal(2), Decimal("9.50"), tax_rate=Decimal(20)),
    ]
    data = DocumentInput(Kind.INVOICE, business.currency, today, lines, due_on=today + _MONTH, number="INV-0042")
    totals = checked_totals(business, data)
    document = new_document(business, customer, data, totals, data.number)
    return document_sheet(document, current_language(), printed=printed, rows=new_lines(document, data, totals))
