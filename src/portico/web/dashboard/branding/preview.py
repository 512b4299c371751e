"""A page of the portal as it would look: the real layout with a sample on it, for the frames of the settings."""

from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override

from portico.domain.access.viewer import StaffViewer
from portico.domain.branding.actions.change_brand import BRAND
from portico.domain.businesses.models import Business
from portico.web.dashboard.branding.forms import LooksForm
from portico.web.dashboard.core.gate import staff_page
from portico.web.shared.brand import brand_of
from portico.web.shared.page import page
from portico.web.shared.status import Tag

_POLICY: dict[str, Any] = {**settings.SECURE_CSP, "frame-ancestors": [CSP.SELF], "form-action": [CSP.NONE]}


@staff_page
@csp_override(_POLICY)
def brand_preview(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the sample with the looks of the query; what is missing or wrong there is as it is kept."""
    business = viewer.business
    form = LooksForm(request.GET)
    form.is_valid()
    for name in BRAND:
        if name in form.cleaned_data:
            # Never saved: only this page is made of it.
            setattr(business, name, form.cleaned_data[name])
    scheme = "dark" if request.GET.get("scheme") == "dark" else "light"
    context = {"layout": _layout(business), "scheme": scheme, "tag": Tag("bad", "alert", _("Past due"))}
    response = page(request, "dashboard/branding/preview.html", context, brand=brand_of(business))
    response.headers["Cache-Control"] = "no-store"
    return response


def _layout(business: Business) -> SimpleNamespace:
    """What the portal's layout shows around the sample; nothing leads anywhere."""
    entries = [(_("My Account"), "home"), (_("Activity"), "list"), (_("Statements"), "statement")]
    nav_items = [
        SimpleNamespace(label=label, url="#", icon=icon, current=icon == "home", new="") for label, icon in entries
    ]
    return SimpleNamespace(
        home_url="#",
        opened_url="",
        sessions_url="",
        sign_out_url="#",
        account_name=_("Sample customer"),
        account_email="",
        switch_url="",
        contact_email=business.email,
        contact_phone=business.phone,
        return_link=None,
        nav_items=nav_items,
        footer=[],
    )
