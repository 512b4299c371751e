"""Statements of account: balance forward over a period, open items on a day; page, PDF and CSV."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import CustomerViewer
from portico.domain.ledger.models import Account
from portico.domain.ledger.queries import accounts_of
from portico.domain.ledger.statements import BalanceForward, OpenItemStatement, balance_forward, open_item
from portico.lib.errors import NotFound
from portico.lib.ids import Ref
from portico.lib.l10n import Formatter
from portico.output.exports.statement import statement_table
from portico.output.exports.table import Format
from portico.output.pdf.pdf_files import statement_filename, statement_pdf
from portico.web.portal.core.etag import revalidated
from portico.web.portal.core.gate import portal_page
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.urls import page_url
from portico.web.portal.statements.period import BALANCE_FORWARD, OPEN_ITEM, StatementForm, usual_periods
from portico.web.portal.statements.sections import SectionView, balance_forward_view, open_item_view
from portico.web.shared.download import csv_format, exported, local_csv
from portico.web.shared.long_pdf import LongPdf, long_pdf
from portico.web.shared.page import reader_formatter

type Statement = BalanceForward | OpenItemStatement


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    url: str
    current: bool


@portal_page("show_statements", opens=["statement"])
@revalidated
def statements(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Show a statement of each currency asked for."""
    fmt, accounts = reader_formatter(), accounts_of(viewer.customer.id)
    form = _form(request, viewer, accounts)
    valid = form.is_valid()
    chosen = _chosen(viewer, form, accounts) if valid else []
    query = form.query() if valid else ""
    context = {
        "form": form,
        "types": _types(form),
        "periods": _periods(form) if valid else [],
        "statement_url": page_url("statements"),
        "sections": [_section(viewer, form, statement, fmt) for statement in chosen],
        "is_open_item": form.kind == OPEN_ITEM,
        "pdf_url": page_url("statements_pdf") + query,
        "csv_url": page_url("statements_csv") + query,
        "local_csv_url": local_csv(page_url("statements_csv") + query),
        "xlsx_url": page_url("statements_xlsx") + query,
        "business_name": viewer.business.name,
    }
    status = 200 if valid else 400
    return customer_page(request, viewer, "portal/statements/detail.html", context, nav="statements", status=status)


@portal_page("show_statements", opens=["statement"])
def statements_pdf(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Send the statement as PDF, one section per currency; while a long one is made, say how far it is."""
    query = f"?{request.GET.urlencode()}"
    return _pdf(request, viewer, page_url("statements_csv") + query, page_url("statements") + query)


def linked_statement(request: HttpRequest, viewer: CustomerViewer, target: Ref) -> HttpResponse:
    """Return the PDF of the statement that a link opens, as the query asks for it. Raises NotFound or Http404."""
    if not viewer.business.show_statements:
        raise NotFound("This section is not shown.")
    return _pdf(request, viewer)


def _pdf(request: HttpRequest, viewer: CustomerViewer, csv_url: str = "", back_url: str = "") -> HttpResponse:
    """The addresses are for the page that says how far a long one is."""
    chosen = _wanted(request, viewer)
    asked = LongPdf(viewer.business, statement_filename(viewer.customer, chosen[0]), csv_url, back_url)
    return long_pdf(request, asked, lambda: statement_pdf(viewer.customer, chosen, reader_formatter().language))


@portal_page("show_statements", opens=["statement"])
def statements_csv(request: HttpRequest, viewer: CustomerViewer) -> StreamingHttpResponse:
    """Send the statement as CSV, written while it is sent."""
    return _exported(request, viewer, csv_format(request))


@portal_page("show_statements", opens=["statement"])
def statements_xlsx(request: HttpRequest, viewer: CustomerViewer) -> StreamingHttpResponse:
    """Send the statement as a workbook."""
    return _exported(request, viewer, Format.XLSX)


def _exported(request: HttpRequest, viewer: CustomerViewer, wanted: Format) -> StreamingHttpResponse:
    chosen = _wanted(request, viewer)
    table = statement_table(chosen, reader_formatter().language)
    return exported(table, wanted, statement_filename(viewer.customer, chosen[0]))


def _wanted(request: HttpRequest, viewer: CustomerViewer) -> Sequence[Statement]:
    """Return the statements of a download; a period that the page would refuse has none. Raises Http404."""
    accounts = accounts_of(viewer.customer.id)
    form = _form(request, viewer, accounts)
    chosen = _chosen(viewer, form, accounts) if form.is_valid() else []
    if not chosen:
        raise Http404
    return chosen


def _form(request: HttpRequest, viewer: CustomerViewer, accounts: list[Account]) -> StatementForm:
    currencies = [account.currency for account in accounts]
    return StatementForm(request.GET.dict(), today=viewer.business.today(), currencies=currencies)


def _chosen(viewer: CustomerViewer, form: StatementForm, accounts: list[Account]) -> list[Statement]:
    today, edges, values = viewer.business.today(), viewer.business.edges, form.cleaned_data
    wanted = [account for account in accounts if values.get("currency") in (None, "", account.currency)]
    if form.kind == OPEN_ITEM:
        return [open_item(account, values["as_of"], today=today, edges=edges) for account in wanted]
    return [balance_forward(account, values["start"], values["end"], today=today, edges=edges) for account in wanted]


def _section(viewer: CustomerViewer, form: StatementForm, statement: Statement, fmt: Formatter) -> SectionView:
    currency = statement.account.currency

    def url(page: int) -> str:
        return page_url("statements") + form.query(currency=currency, page=page)

    if isinstance(statement, OpenItemStatement):
        return open_item_view(statement, viewer.business, fmt, form.number, url)
    return balance_forward_view(statement, viewer.business, fmt, form.number, url)


def _types(form: StatementForm) -> list[Choice]:
    labels = {BALANCE_FORWARD: _("Balance forward"), OPEN_ITEM: _("Open item")}
    return [
        Choice(label, page_url("statements") + f"?type={kind}", kind == form.kind) for kind, label in labels.items()
    ]


def _periods(form: StatementForm) -> list[Choice]:
    if form.kind == OPEN_ITEM:
        return []
    days = (form.cleaned_data["start"], form.cleaned_data["end"])
    return [
        Choice(
            period.label,
            page_url("statements") + form.query(start=period.start.isoformat(), end=period.end.isoformat()),
            (period.start, period.end) == days,
        )
        for period in usual_periods(form.today)
    ]
