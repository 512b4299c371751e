"""The sites that the portal's pages may load from, by use, and what their policy forbade lately."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portico.domain.access.portal_urls import has_own_host
from portico.domain.access.viewer import StaffViewer
from portico.domain.activity.events import Event
from portico.domain.branding.actions.trusted_sites import distrust_site, trust_site
from portico.domain.branding.errors import SiteRefused
from portico.domain.branding.queries import changes_of, policy_violations
from portico.domain.branding.sites import MOST_SITES, Use
from portico.web.dashboard.core.gate import owner_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.second_factor import confirm_first, confirm_url, fresh_second_factor
from portico.web.dashboard.core.timeline import moments
from portico.web.shared.page import reader_formatter

_CHANGES = 5
_VIOLATIONS = 20
USE_LABELS: dict[Use, Promise] = {
    Use.SCRIPT: gettext_lazy("Scripts"),
    Use.STYLE: gettext_lazy("Style sheets"),
    Use.IMAGE: gettext_lazy("Pictures"),
    Use.FONT: gettext_lazy("Fonts"),
    Use.CONNECT: gettext_lazy("Connections of scripts"),
    Use.FRAME: gettext_lazy("Frames"),
    Use.MEDIA: gettext_lazy("Sound and video"),
}


class SiteForm(forms.Form):
    """A site to trust, and for what."""

    site = forms.CharField(
        label=gettext_lazy("Site"),
        help_text=gettext_lazy("Such as https://cdn.example.com, or https://*.example.com for all its subdomains."),
        max_length=300,
        widget=forms.TextInput({"class": "po-input", "dir": "ltr", "spellcheck": "false", "autocapitalize": "off"}),
    )
    use = forms.MultipleChoiceField(
        label=gettext_lazy("What may be loaded from it?"),
        choices=list(USE_LABELS.items()),
        widget=forms.CheckboxSelectMultiple({"class": "po-check"}),
    )


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site with one use; `times` is how often it was refused."""

    site: str
    use: str
    label: Promise
    times: str = ""


@owner_page
def trusted_sites(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the sites; a POST trusts one or takes the trust away."""
    if request.method != "POST":
        return _page(request, viewer)
    if request.POST.get("action") == "remove":
        site, use = request.POST.get("site", ""), request.POST.get("use", "")
        distrust_site(viewer.business, site, use, by=viewer.actor)
        messages.success(request, _("The site is no longer trusted."))
        return HttpResponseRedirect(reverse("trusted_sites"))
    form = SiteForm(request.POST, auto_id="site_%s")
    if not form.is_valid():
        return _page(request, viewer, form)
    uses = [Use(use) for use in form.cleaned_data["use"]]
    if Use.SCRIPT in uses and not fresh_second_factor(request):
        form.add_error(None, confirm_first())
        return _page(request, viewer, form)
    try:
        trust_site(viewer.business, form.cleaned_data["site"], uses, by=viewer.actor)
    except SiteRefused as error:
        form.add_error("site", _refusal_text(error))
        return _page(request, viewer, form)
    messages.success(request, _("The site is trusted from now on."))
    return HttpResponseRedirect(reverse("trusted_sites"))


def _refusal_text(error: SiteRefused) -> str:
    return {
        "site_everything": _("Name one site. All sites at once can’t be trusted."),
        "site_scheme": _("A site begins with https://."),
        "site_ip": _("Name the site by its host, not by an IP address."),
        "too_many_sites": _("At most %(n)s sites can be listed.") % {"n": MOST_SITES},
    }.get(error.code, _("Enter https:// and a host, without a path, such as https://cdn.example.com."))


def _page(request: HttpRequest, viewer: StaffViewer, form: SiteForm | None = None) -> HttpResponse:
    business = viewer.business
    kept = business.trusted_sites
    context = {
        "confirm_url": "" if fresh_second_factor(request) else confirm_url(request.path, by_factor=True),
        "own_host": has_own_host(business),
        "form": form or SiteForm(auto_id="site_%s"),
        "sites": [SiteRow(site, use, label) for use, label in USE_LABELS.items() for site in kept.get(use, ())],
        "violations": [
            SiteRow(
                row.origin,
                row.use,
                USE_LABELS[Use(row.use)],
                ngettext("%(n)s time", "%(n)s times", row.count) % {"n": row.count},
            )
            for row in policy_violations(business)[:_VIOLATIONS]
        ],
        "changes": moments(changes_of(business, Event.TRUSTED_SITES_CHANGED)[:_CHANGES], business, reader_formatter()),
    }
    status, template = 422 if form else 200, "dashboard/branding/sites.html"
    return staff_answer(request, viewer, template, context, nav="settings", status=status)
