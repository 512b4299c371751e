"""Who the business is, on its documents and pages, and what its documents begin with."""

from dataclasses import dataclass

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import StaffViewer
from portico.domain.businesses.legal import missing_for_invoices
from portico.domain.documents.actions.change_business import change_business
from portico.domain.documents.numbering import number_series
from portico.lib.errors import Invalid
from portico.output.wording.business import business_field_label
from portico.output.wording.kinds import kind_plural
from portico.web.dashboard.core.gate import owner_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.settings.business_form import BusinessForm


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """How one kind of documents is numbered: what may be changed, and the next numbers as they read."""

    label: str
    fields: list[BoundField]
    yearly: BoundField
    preview: str


@owner_page
def business_settings(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the business; a POST keeps it when all is valid, and otherwise keeps what was typed on the page."""
    series = number_series(viewer.business)
    if request.method != "POST":
        return _page(request, viewer, BusinessForm(viewer.business, series))
    form = BusinessForm(viewer.business, series, request.POST)
    try:
        if form.is_valid():
            change_business(viewer.business, form.changes, series=form.wanted_series, by=viewer.actor)
            messages.success(request, _("The settings are saved."))
            return HttpResponseRedirect(reverse("business_settings"))
    except Invalid as refusal:
        form.refuse(refusal)
    return _page(request, viewer, form, status=422)


def _page(request: HttpRequest, viewer: StaffViewer, form: BusinessForm, status: int = 200) -> HttpResponse:
    business = viewer.business
    missing = missing_for_invoices(business)
    context = {
        "form": form,
        "missing": [(form[name].id_for_label, business_field_label(name, business.country)) for name in missing],
        "series": _series_rows(form),
        "today": business.today(),
    }
    return staff_answer(request, viewer, "dashboard/settings/business.html", context, nav="settings", status=status)


def _series_rows(form: BusinessForm) -> list[SeriesRow]:
    year = form.business.today().year
    return [
        SeriesRow(
            label=kind_plural(series.kind),
            fields=[form[f"series_{series.kind}_{part}"] for part in ("prefix", "next_number", "padding")],
            yearly=form[f"series_{series.kind}_yearly"],
            preview=", ".join(series.preview(year, 2)),
        )
        for series in form.series
    ]
