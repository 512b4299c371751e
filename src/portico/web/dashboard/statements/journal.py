"""The accountant's journal: everything that was posted in a period, as a file."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.viewer import StaffViewer
from portico.domain.businesses.datev import datev_of
from portico.domain.documents.journal import journal as postings
from portico.output.exports.journal import JournalRow, journal_table
from portico.output.exports.table import Format
from portico.output.pdf.filename import pdf_filename
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.shared.days import day_input
from portico.web.shared.download import csv_format, exported, local_csv
from portico.web.shared.page import reader_formatter


def _day(label: Any) -> forms.DateField:
    widget = day_input()
    return forms.DateField(label=label, input_formats=["%Y-%m-%d"], widget=widget)


class JournalForm(forms.Form):
    """Of which days; last month's unless something else is said."""

    start = _day(gettext_lazy("From"))
    end = _day(gettext_lazy("To"))

    def __init__(self, request: HttpRequest, today: date) -> None:
        last = today.replace(day=1) - timedelta(days=1)
        usual = {"start": last.replace(day=1).isoformat(), "end": last.isoformat()}
        super().__init__({name: request.GET.get(name) or value for name, value in usual.items()}, auto_id="journal_%s")

    def clean(self) -> None:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and start > end:
            raise ValidationError({"end": _("The last day is before the first.")})


@staff_page
def journal(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Choose the days, and download."""
    form = JournalForm(request, viewer.business.today())
    valid = form.is_valid()
    query = "?" + urlencode({name: form[name].value() for name in form.fields})
    csv_url = reverse("journal_csv") + query
    context = {
        "form": form,
        "xlsx_url": reverse("journal_xlsx") + query if valid else "",
        "csv_url": csv_url,
        "datev_url": reverse("journal_datev") + query if _has_datev(viewer) else "",
        "local_csv_url": local_csv(csv_url),
    }
    return staff_answer(
        request, viewer, "dashboard/statements/journal.html", context, nav="documents", status=200 if valid else 422
    )


def _has_datev(viewer: StaffViewer) -> bool:
    return viewer.business.country == "DE" or datev_of(viewer.business).is_ready


@staff_page
def journal_csv(request: HttpRequest, viewer: StaffViewer) -> StreamingHttpResponse:
    """Send the journal as CSV, written while it is sent."""
    return _exported(request, viewer, csv_format(request))


@staff_page
def journal_xlsx(request: HttpRequest, viewer: StaffViewer) -> StreamingHttpResponse:
    """Send the journal as a workbook."""
    return _exported(request, viewer, Format.XLSX)


def _exported(request: HttpRequest, viewer: StaffViewer, wanted: Format) -> StreamingHttpResponse:
    form = JournalForm(request, viewer.business.today())
    if not form.is_valid():
        raise Http404("There is no such journal.")
    start, end = form.cleaned_data["start"], form.cleaned_data["end"]
    table = journal_table(_rows(viewer, start, end), reader_formatter().language)
    return exported(table, wanted, pdf_filename(viewer.business.slug, "journal", f"{start}-to-{end}"))


def _rows(viewer: StaffViewer, start: date, end: date) -> Iterator[JournalRow]:
    for posting in postings(viewer, start, end):
        entry = posting.entry
        customer = entry.account.customer
        yield JournalRow(
            day=entry.date,
            kind=entry.kind,
            number=entry.item.number,
            customer=customer.name,
            external_id=customer.external_id,
            currency=entry.account.currency,
            amount=posting.amount,
            rate=posting.rate,
            net=posting.net,
            tax=posting.tax,
        )
