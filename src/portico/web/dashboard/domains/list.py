"""The domains of its own that a business's portal answers at: what DNS has to say, and which one links lead to."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.portal_urls import portal_base
from portico.domain.access.viewer import StaffViewer
from portico.domain.custom_domains.actions.check import check_domain
from portico.domain.custom_domains.actions.register import MOST_DOMAINS, register_domain
from portico.domain.custom_domains.actions.remove import remove_domain
from portico.domain.custom_domains.actions.use import use_default, use_domain
from portico.domain.custom_domains.errors import DomainRefused
from portico.domain.custom_domains.models import CustomDomain
from portico.domain.custom_domains.names import shown, target
from portico.domain.custom_domains.queries import domain_of, domains_of
from portico.lib.l10n import Formatter
from portico.web.dashboard.core.gate import owner_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.shared.page import reader_formatter
from portico.web.shared.status import Tag


class DomainForm(forms.Form):
    """A domain to register."""

    name = forms.CharField(
        label=gettext_lazy("Domain"),
        help_text=gettext_lazy("Such as billing.example.com: a name under a domain that belongs to you."),
        max_length=300,
        widget=forms.TextInput({"class": "po-input", "dir": "ltr", "spellcheck": "false", "autocapitalize": "off"}),
    )


@dataclass(frozen=True, slots=True)
class Record:
    """A DNS record to enter; `found` says in words what the last check saw of it, empty before the first."""

    kind: str
    name: str
    value: str
    found: str


@dataclass(frozen=True, slots=True)
class DomainRow:
    """A domain as its section shows it."""

    key: str
    name: str
    encoded: str
    tag: Tag
    checked: str
    records: list[Record]
    preferred: bool
    usable: bool


@owner_page
def domains(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the business's domains; a POST registers one, or has links lead to the installation's address again."""
    if request.method != "POST":
        return _page(request, viewer)
    if request.POST.get("action") == "default":
        use_default(viewer.business, by=viewer.actor)
        return _done(request, _("Links lead to the address of this installation."))
    form = DomainForm(request.POST, auto_id="domain_%s")
    if not form.is_valid():
        return _page(request, viewer, form)
    try:
        domain = register_domain(viewer.business, form.cleaned_data["name"], by=viewer.actor)
    except DomainRefused as refused:
        form.add_error("name", _refusal_text(refused))
        return _page(request, viewer, form)
    return HttpResponseRedirect(f"{reverse('domains')}#{domain.public_id}")


@owner_page
def domain(request: HttpRequest, viewer: StaffViewer, name: str) -> HttpResponse:
    """Do what a domain's button says: check it, have links lead to it, or remove it after a question."""
    found = domain_of(viewer.business, name)
    action = request.POST.get("action")
    if action == "check":
        check_domain(found, by=viewer.actor)
        return HttpResponseRedirect(f"{reverse('domains')}#{name}")
    if action == "use":
        try:
            use_domain(found, by=viewer.actor)
        except DomainRefused as refused:
            messages.error(request, _refusal_text(refused))
            return HttpResponseRedirect(reverse("domains"))
        return _done(request, _("Links and mails lead to %(name)s from now on.") % {"name": shown(found.name)})
    if action == "remove":
        return _removed(request, viewer, found)
    return HttpResponseRedirect(reverse("domains"))


def _removed(request: HttpRequest, viewer: StaffViewer, found: CustomDomain) -> HttpResponse:
    if request.POST.get("confirmed") != "yes":
        asked = {
            "heading": _("Remove this domain?"),
            "text": _("The portal stops answering there at once. Links that were sent with it no longer work."),
            "button": _("Remove"),
            "names": [(shown(found.name), "")],
            "hidden": [("action", "remove")],
            "action": reverse("domain", args=[found.public_id]),
            "back": reverse("domains"),
        }
        return staff_answer(request, viewer, "dashboard/confirm.html", asked, nav="settings")
    remove_domain(found, by=viewer.actor)
    return _done(request, _("The domain is removed."))


def _done(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(reverse("domains"))


def _page(request: HttpRequest, viewer: StaffViewer, form: DomainForm | None = None) -> HttpResponse:
    business, fmt = viewer.business, reader_formatter()
    rows = [_row(found, business.custom_domain, business.time_zone, fmt) for found in domains_of(business)]
    context = {
        "form": form or DomainForm(auto_id="domain_%s"),
        "address": portal_base(business),
        "own": bool(business.custom_domain),
        "domains": rows,
    }
    status = 422 if form else 200
    return staff_answer(request, viewer, "dashboard/domains/list.html", context, nav="settings", status=status)


def _row(found: CustomDomain, preferred: str, zone: str, fmt: Formatter) -> DomainRow:
    script = shown(found.name)
    is_preferred = found.name == preferred
    return DomainRow(
        key=found.public_id,
        name=script,
        encoded=found.name if script != found.name else "",
        tag=_tag(found, preferred=is_preferred),
        checked=fmt.moment(found.checked_at, zone) if found.checked_at else "",
        records=[_txt(found), _cname(found)],
        preferred=is_preferred,
        usable=found.is_served and found.leads_here and not is_preferred,
    )


def _tag(found: CustomDomain, *, preferred: bool) -> Tag:
    if found.failing_since is not None:
        return Tag("bad", "alert", _("Records are wrong"))
    if preferred:
        return Tag("ok", "check", _("Links lead here"))
    if found.is_served:
        return Tag("plain", "ring", _("Proven") if found.leads_here else _("Proven, not leading here yet"))
    return Tag("wait", "half", _("Waiting for its records"))


def _txt(found: CustomDomain) -> Record:
    seen = found.findings
    if seen.get("taken"):
        words = _("Another business here uses this domain.")
    elif seen.get("proven"):
        words = _("Found.")
    elif not seen:
        words = ""
    elif seen.get("proven") is None:
        words = _("The name server did not answer. Try again in a few minutes.")
    elif seen.get("texts"):
        words = _("Another value was found: %(values)s") % {"values": ", ".join(seen["texts"])}
    else:
        words = _("Not found yet. It can take an hour until a new record is seen everywhere.")
    return Record("TXT", found.proof_name, found.proof_value, words)


def _cname(found: CustomDomain) -> Record:
    seen = found.findings
    if found.leads_here:
        words = _("Found.")
    elif not seen:
        words = ""
    elif seen.get("leads_here") is None:
        words = _("The name server did not answer. Try again in a few minutes.")
    elif elsewhere := seen.get("aliases") or seen.get("addresses"):
        words = _("It leads elsewhere: %(values)s") % {"values": ", ".join(elsewhere)}
    else:
        words = _("Not found yet. It can take an hour until a new record is seen everywhere.")
    return Record("CNAME", found.name, target(), words)


def _refusal_text(refused: DomainRefused) -> str:
    return {
        "domain_is_ip": _("Enter a name, not an IP address."),
        "domain_local": _("This name is not known in the public internet."),
        "domain_ours": _("This name belongs to this installation."),
        "domain_taken": _("This domain is in use here already."),
        "too_many_domains": _("At most %(n)s domains can be listed.") % {"n": MOST_DOMAINS},
        "domain_unproven": _("The domain is not proven yet."),
        "domain_elsewhere": _("The domain does not lead here yet."),
    }.get(refused.code, _("Enter the name alone, such as billing.example.com, without https://, port or path."))
