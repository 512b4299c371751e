"""How the portal looks: name, logo, icon, colour, corners and typeface, with a preview, a history and a way back."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override

from portico.domain.access.viewer import StaffViewer
from portico.domain.activity.models import Activity
from portico.domain.branding.actions.change_brand import BRAND, PICTURES, change_brand, restore_brand
from portico.domain.branding.errors import PictureRefused
from portico.domain.branding.queries import brand_history
from portico.lib.colour import theme
from portico.lib.errors import NotFound
from portico.lib.ids import parse_public_id, public_id
from portico.web.dashboard.branding.forms import BrandForm, picture_words
from portico.web.dashboard.branding.preview import SHOWN
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.timeline import Moment, moments
from portico.web.shared.page import reader_formatter

_CHANGES = 10
# The preview stands in a frame.
_POLICY: dict[str, Any] = {**settings.SECURE_CSP, "frame-src": [CSP.SELF]}


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the brand, and what names it when it is taken back."""

    id: str
    moment: Moment
    what: str


@staff_page
@csp_override(_POLICY)
def brand_settings(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the brand; a POST keeps it when all of it is valid."""
    if request.method != "POST":
        return _page(request, viewer)
    form = BrandForm(request.POST, request.FILES, auto_id="brand_%s")
    if not form.is_valid():
        return _page(request, viewer, form)
    pictures = form.pictures()
    try:
        kept = change_brand(viewer.business, {n: form.cleaned_data[n] for n in BRAND}, pictures, by=viewer.actor)
    except PictureRefused as error:
        form.add_error(error.slot if error.slot in PICTURES else None, picture_words(error))
        return _page(request, viewer, form)
    messages.success(request, _("The brand is saved and shows everywhere from now on."))
    adjusted = _adjusted(kept.accent)
    if adjusted and kept.accent != viewer.business.accent:
        messages.success(request, adjusted)
    return HttpResponseRedirect(reverse("brand_settings"))


@staff_page
def restore(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Make the brand what it was before a change."""
    if request.method == "POST":
        change = parse_public_id(request.POST.get("change", ""), "activity")
        if change is None:
            raise NotFound("There is no such change.")
        restore_brand(viewer.business, change, by=viewer.actor)
        messages.success(request, _("The brand is as it was before."))
    return HttpResponseRedirect(reverse("brand_settings"))


def _page(request: HttpRequest, viewer: StaffViewer, form: BrandForm | None = None) -> HttpResponse:
    business = viewer.business
    kept = {name: getattr(business, name) for name in BRAND}
    rows = list(brand_history(business)[:_CHANGES])
    read = moments(rows, business, reader_formatter())
    context = {
        "form": form or BrandForm(initial=kept, auto_id="brand_%s"),
        "preview_url": reverse("brand_preview"),
        "shown": SHOWN,
        "has": {name: bool(getattr(business, name)) for name in PICTURES},
        "adjusted": _adjusted(business.accent),
        "changes": [_change(row, moment) for row, moment in zip(rows, read, strict=True)],
    }
    return staff_answer(
        request, viewer, "dashboard/branding/brand.html", context, nav="settings", status=422 if form else 200
    )


def _change(row: Activity, moment: Moment) -> Change:
    """A change as it reads: settings with their values, pictures by name alone."""
    names = {"name": _("Name"), "logo": _("Logo"), "logo_dark": _("Logo for dark pages"), "icon": _("Icon")}
    parts = [moment.details, *(names[name] for name in names if name in row.data["after"])]
    return Change(public_id("activity", row.pk), moment, " · ".join(filter(None, parts)))


def _adjusted(accent: str) -> str:
    """Say where a colour is shown lighter or darker than it was chosen, so that it can be seen; empty when nowhere."""
    colours = theme(accent)
    said = []
    if colours.line_light != accent:
        words = _("Lines and icons on light pages use %(colour)s, so that they can be seen.")
        said.append(words % {"colour": colours.line_light})
    if colours.accent_dark != accent:
        said.append(_("Dark pages use %(colour)s, so that it can be seen.") % {"colour": colours.accent_dark})
    return " ".join(said)
