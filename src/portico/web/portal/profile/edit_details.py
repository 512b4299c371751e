"""Changing the billing details: addresses, phone, tax number, language."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse

from portico.domain.access import queries as access
from portico.domain.access.viewer import CustomerViewer
from portico.domain.customers.actions import edit_details as customers
from portico.domain.customers.details import details_of
from portico.domain.customers.errors import ChangedMeanwhile
from portico.web.portal.core.gate import FORM, portal_page
from portico.web.portal.profile.detail import edit_page, saved
from portico.web.portal.profile.details_form import DetailsForm
from portico.web.shared.page import reader_formatter


@portal_page("allow_contact_edits", methods=FORM)
def edit_details(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Show the form; a POST changes what it sends when all of it is valid and nobody else was faster."""
    if request.method != "POST":
        return _page(request, viewer, _form(viewer))
    form = _form(viewer, request.POST.dict())
    if not form.is_valid():
        return _page(request, viewer, form, status=422)
    try:
        customers.edit_details(viewer.customer, form.changes, seen=form.version, by=viewer.actor)
    except ChangedMeanwhile:
        form = _form(viewer, request.POST.dict()).over_what_is_on_file()
        if form.differences():
            return _page(request, viewer, form, status=409)
    return saved("details")


def _form(viewer: CustomerViewer, typed: Mapping[str, str] | None = None) -> DetailsForm:
    on_file = details_of(access.customer(viewer, viewer.customer.public_id))
    return DetailsForm(on_file, typed, home=viewer.business.country, language=reader_formatter().language)


def _page(request: HttpRequest, viewer: CustomerViewer, form: DetailsForm, *, status: int = 200) -> HttpResponse:
    return edit_page(request, viewer, "portal/profile/edit_details.html", form, status=status)
