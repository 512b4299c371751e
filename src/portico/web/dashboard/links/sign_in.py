"""Links that sign one customer in: made here and shown once, and ended here with those made elsewhere."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portico.domain.access.links.actions.make_magic_link import MagicLinkInput, magic_link
from portico.domain.access.links.actions.revoke import revoke
from portico.domain.access.links.queries.grants import sign_in_links as links_of
from portico.domain.access.models import Grant
from portico.domain.access.portal_urls import link_url
from portico.domain.access.queries import customer as customer_of
from portico.domain.access.viewer import StaffViewer
from portico.domain.activity.actor import OPERATOR
from portico.domain.customers.models import Customer
from portico.lib.errors import NotFound
from portico.lib.ids import parse_public_id
from portico.lib.l10n import Formatter
from portico.web.dashboard.core.gate import staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.link_labels import link_tag
from portico.web.dashboard.core.sign_in_labels import link_kinds, page_choices
from portico.web.dashboard.links.portal_links import FreshLink, Made
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import Tag

_INPUT = {"class": "po-input"}
_SHOWN = 20


def _lives() -> list[tuple[str, str]]:
    hours = [(str(count * 60), ngettext("%(n)s hour", "%(n)s hours", count) % {"n": count}) for count in (1, 8, 24)]
    return [("15", ngettext("%(n)s minute", "%(n)s minutes", 15) % {"n": 15}), *hours]


class SignInLinkForm(forms.Form):
    """What a new link leads to, for how long it works, and how often it opens."""

    page = forms.ChoiceField(label=gettext_lazy("Leads to"), choices=page_choices, widget=forms.Select(_INPUT))
    minutes = forms.ChoiceField(label=gettext_lazy("Works for"), choices=_lives, widget=forms.Select(_INPUT))
    single_use = forms.BooleanField(
        label=gettext_lazy("Opens only once"),
        help_text=gettext_lazy("It then asks its reader to press a button, so that mail scanners don't use it up."),
        required=False,
        widget=forms.CheckboxInput({"class": "po-check"}),
    )

    def to_input(self) -> MagicLinkInput:
        """Return what a valid form asks for."""
        said = self.cleaned_data
        return MagicLinkInput(timedelta(minutes=int(said["minutes"])), single_use=said["single_use"], page=said["page"])


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link in words. `id` is empty for one that has ended."""

    id: str
    kind: str
    page: str
    tag: Tag
    expires: str
    last_used: str
    created: str
    created_by: str


@staff_page
def sign_in_links(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Show a customer's latest sign-in links; a POST makes one, shown in its answer alone, or ends one."""
    found = customer_of(viewer, name)
    if request.method != "POST":
        form = SignInLinkForm(initial={"page": "my_account", "minutes": "60"}, auto_id="link_%s")
        return _page(request, viewer, found, form, Made())
    if "revoke" in request.POST:
        return _revoke(request, viewer, found)
    form = SignInLinkForm(request.POST, auto_id="link_%s")
    if not form.is_valid():
        return _page(request, viewer, found, form, Made(), status=422)
    grant, secret = magic_link(found, form.to_input(), by=viewer.actor)
    expires = reader_formatter().moment(grant.expires_at, viewer.business.time_zone)
    fresh = FreshLink(found.name, found.email, link_url(viewer.business, secret), expires)
    return _page(request, viewer, found, form, Made([fresh]))


def _revoke(request: HttpRequest, viewer: StaffViewer, found: Customer) -> HttpResponse:
    here = reverse("customer_sign_in_links", args=[found.public_id])
    key = parse_public_id(request.POST["revoke"], "grant")
    link = links_of(viewer, found).filter(pk=key).first() if key else None
    if link is None:
        raise NotFound("There is no such link.")
    if request.POST.get("confirmed") != "yes":
        asked: dict[str, Any] = {
            "heading": _("Revoke this link?"),
            "text": _("It stops working at once, and everybody signed in with it is signed out."),
            "button": _("Revoke"),
            "names": [(found.name, "")],
            "hidden": [("revoke", link.public_id)],
            "action": here,
            "back": here,
        }
        return staff_answer(request, viewer, "dashboard/confirm.html", asked, nav="customers")
    revoke(link, by=viewer.actor)
    messages.success(request, _("The link is revoked."))
    return HttpResponseRedirect(here)


def _page(
    request: HttpRequest, viewer: StaffViewer, found: Customer, form: SignInLinkForm, made: Made, status: int = 200
) -> HttpResponse:
    fmt = reader_formatter()
    context = {
        "name": found.name,
        "customer_url": reverse("customer", args=[found.public_id]),
        "action": reverse("customer_sign_in_links", args=[found.public_id]),
        "form": form,
        "made": made,
        "portal_enabled": viewer.business.portal_enabled,
        "rows": [_row(link, viewer.business.time_zone, fmt) for link in links_of(viewer, found)[:_SHOWN]],
    }
    return staff_answer(request, viewer, "dashboard/links/sign_in.html", context, nav="customers", status=status)


def _row(link: Grant, zone: str, fmt: Formatter) -> LinkRow:
    return LinkRow(
        id=link.public_id if link.revoked_at is None else "",
        kind=link_kinds()[link.purpose],
        page=dict(page_choices()).get(link.page, ""),
        tag=link_tag(link.state),
        expires=fmt.moment(link.expires_at, zone),
        last_used=fmt.moment(link.last_used_at, zone) if link.last_used_at else "",
        created=fmt.moment(link.created_at, zone),
        created_by=_("Command line") if link.created_by == OPERATOR.label else link.created_by,
    )
