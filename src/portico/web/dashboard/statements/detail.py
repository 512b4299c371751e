"""A customer's statement for staff: as the customer gets it, on the page, as PDF and as CSV."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.models import Customer
from portico.domain.ledger.queries import accounts_of
from portico.domain.ledger.statements import balance_forward, open_item
from portico.lib.l10n import current_language
from portico.output.exports.statement import statement_table
from portico.output.exports.table import Format
from portico.output.pdf.pdf_files import statement_filename, statement_pdf
from portico.output.pdf.statement_sheet import Statement, statement_sheet
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.shared.days import day_input
from portico.web.shared.download import csv_format, exported
from portico.web.shared.long_pdf import LongPdf, long_pdf

_BALANCE_FORWARD, _OPEN_ITEM = "balance_forward", "open_item"
_INPUT = {"class": "po-input"}


def _types() -> list[tuple[str, str]]:
    return [(_BALANCE_FORWARD, _("Balance forward")), (_OPEN_ITEM, _("Open item"))]


def _day(label: Any) -> forms.DateField:
    widget = day_input()
    return forms.DateField(label=label, input_formats=["%Y-%m-%d"], widget=widget)


class StatementForm(forms.Form):
    """Which statement: a period for balance forward, its last day for open items."""

    type = forms.ChoiceField(label=gettext_lazy("Type"), choices=_types, widget=forms.Select(_INPUT))
    start = _day(gettext_lazy("From"))
    end = _day(gettext_lazy("To"))

    def __init__(self, request: HttpRequest, today: date) -> None:
        usual = {
            "type": _BALANCE_FORWARD,
            "start": (today.replace(day=1) - timedelta(days=1)).replace(day=1).isoformat(),
            "end": today.isoformat(),
        }
        super().__init__({name: request.GET.get(name) or value for name, value in usual.items()}, auto_id="period_%s")

    def clean(self) -> None:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and start > end:
            raise ValidationError({"end": _("The last day is before the first.")})


@staff_page
def customer_statement(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show a statement of every currency the customer has an account in."""
    found, form = customer_of(viewer, name), StatementForm(request, viewer.business.today())
    chosen = _statements(viewer, found, form) if form.is_valid() else []
    query = "?" + urlencode({field: form[field].value() for field in form.fields})
    context = {
        "name": found.name,
        "customer_url": reverse("customer", args=[found.public_id]),
        "action": reverse("customer_statement", args=[found.public_id]),
        "form": form,
        "sheet": statement_sheet(found, chosen, current_language()) if chosen else None,
        "pdf_url": reverse("customer_statement_pdf", args=[found.public_id]) + query,
        "xlsx_url": reverse("customer_statement_xlsx", args=[found.public_id]) + query,
        "csv_url": reverse("customer_statement_csv", args=[found.public_id]) + query,
        "send_url": reverse("send_statement", args=[found.public_id]) if viewer.business.show_statements else "",
    }
    status = 200 if form.is_valid() else 422
    return staff_answer(request, viewer, "dashboard/statements/detail.html", context, nav="customers", status=status)


@staff_page
def customer_statement_pdf(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Send a statement as PDF, in the customer's language; while a long one is made, say how far it is."""
    found = customer_of(viewer, name)
    chosen, query = _wanted(request, viewer, found), f"?{request.GET.urlencode()}"
    asked = LongPdf(
        viewer.business,
        statement_filename(found, chosen[0]),
        csv_url=reverse("customer_statement_csv", args=[found.public_id]) + query,
        back_url=reverse("customer_statement", args=[found.public_id]) + query,
    )
    return long_pdf(request, asked, lambda: statement_pdf(found, chosen, _language(found)))


@staff_page
def customer_statement_csv(request: HttpRequest, viewer: StaffViewer, name: str) -> StreamingHttpResponse:
    """Send a statement as CSV, written while it is sent, in the customer's language."""
    return _exported(request, viewer, name, csv_format(request))


@staff_page
def customer_statement_xlsx(request: HttpRequest, viewer: StaffViewer, name: str) -> StreamingHttpResponse:
    """Send a statement as a workbook, in the customer's language."""
    return _exported(request, viewer, name, Format.XLSX)


def _exported(request: HttpRequest, viewer: StaffViewer, name: str, wanted: Format) -> StreamingHttpResponse:
    found = customer_of(viewer, name)
    chosen = _wanted(request, viewer, found)
    return exported(statement_table(chosen, _language(found)), wanted, statement_filename(found, chosen[0]))


def _wanted(request: HttpRequest, viewer: StaffViewer, found: Customer) -> Sequence[Statement]:
    form = StatementForm(request, viewer.business.today())
    chosen = _statements(viewer, found, form) if form.is_valid() else []
    if not chosen:
        raise Http404("There is no such statement.")
    return chosen


def _statements(viewer: StaffViewer, found: Customer, form: StatementForm) -> list[Statement]:
    values, today, edges = form.cleaned_data, viewer.business.today(), viewer.business.edges
    if values["type"] == _OPEN_ITEM:
        return [open_item(account, values["end"], today=today, edges=edges) for account in accounts_of(found.pk)]
    return [
        balance_forward(account, values["start"], values["end"], today=today, edges=edges)
        for account in accounts_of(found.pk)
    ]


def _language(found: Customer) -> str:
    return found.language or found.business.language or current_language()
