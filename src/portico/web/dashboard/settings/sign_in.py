"""How customers sign in: at the business's own site, with which keys, and how long they stay in."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.links.actions.create_magic_key import MOST_KEYS, TooManyKeys, create_magic_key
from portico.domain.access.links.actions.revoke_magic_key import revoke_magic_key
from portico.domain.access.links.queries import signed_links
from portico.domain.access.portal_urls import portal_base
from portico.domain.access.viewer import StaffViewer
from portico.domain.activity.actor import OPERATOR
from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.activity.queries import timeline_of_subject
from portico.domain.businesses.actions.change_sign_in import SIGN_IN_SETTINGS, change_sign_in
from portico.domain.businesses.models import SIGN_IN_BOUNDS, Business
from portico.lib.errors import Invalid, NotFound, PorticoError
from portico.lib.ids import parse_public_id
from portico.lib.l10n import Formatter
from portico.lib.origins import parse_url
from portico.web.dashboard.core.gate import owner_page, staff_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.core.sign_in_labels import refusal_message
from portico.web.dashboard.core.timeline import moments
from portico.web.dashboard.settings.origins import clean_origins
from portico.web.shared.page import reader_formatter

_INPUT = {"class": "po-input", "dir": "ltr"}
_LONGEST = 500
_REFUSALS = 5
_CHANGES = 5


def _length(label: Any, help_text: Any, name: str) -> forms.IntegerField:
    low, high = SIGN_IN_BOUNDS[name]
    widget = forms.NumberInput({**_INPUT, "inputmode": "numeric"})
    return forms.IntegerField(
        label=label, help_text=help_text, min_value=low, max_value=high, widget=widget, show_hidden_initial=True
    )


class SignInForm(forms.Form):
    """Where customers sign in, the sites they may be sent back to, one on each line, and how long all of it lasts.

    Each field comes with what it held when the page was made: what nobody touched stays as others leave it.
    """

    sign_in_url = forms.CharField(
        label=gettext_lazy("Your sign-in page"),
        help_text=gettext_lazy(
            "Customers who open the portal without being signed in are sent there, with return_to in the URL."
            " Empty: nobody is."
        ),
        required=False,
        max_length=_LONGEST,
        widget=forms.TextInput({**_INPUT, "placeholder": "https://", "inputmode": "url", "autocomplete": "off"}),
        show_hidden_initial=True,
    )
    return_origins = forms.CharField(
        label=gettext_lazy("Sites to go back to"),
        help_text=gettext_lazy(
            "One on each line, such as https://shop.example.com. Links may name their pages as return_url."
        ),
        required=False,
        widget=forms.Textarea({**_INPUT, "rows": 3, "spellcheck": "false"}),
        show_hidden_initial=True,
    )
    signed_link_minutes = _length(
        gettext_lazy("Signed links work for at most (minutes)"),
        gettext_lazy("1 to 1,440. A link that your site signs for longer is refused."),
        "signed_link_minutes",
    )
    account_visit_hours = _length(
        gettext_lazy("A session to the account lasts at most (hours)"),
        gettext_lazy("1 to 168. Counts for sessions that begin from now on."),
        "account_visit_hours",
    )
    document_visit_hours = _length(
        gettext_lazy("A session to a single document lasts at most (hours)"),
        gettext_lazy("1 to 168. Counts for sessions that begin from now on."),
        "document_visit_hours",
    )
    visit_idle_minutes = _length(
        gettext_lazy("A session ends unused after (minutes)"),
        gettext_lazy("15 to 1,440. Counts at once, also for sessions that are open."),
        "visit_idle_minutes",
    )

    def clean_sign_in_url(self) -> str:
        """Accept https, or http on this machine."""
        url = str(self.cleaned_data["sign_in_url"])
        try:
            if url:
                parse_url(url)
        except Invalid as error:
            raise forms.ValidationError(_("Give a whole address that begins with https://.")) from error
        return url

    def clean_return_origins(self) -> list[str]:
        """Accept exact origins, and say which line is none."""
        return clean_origins(str(self.cleaned_data["return_origins"]))


@dataclass(frozen=True, slots=True)
class KeyRow:
    id: str
    name: str
    created: str
    created_by: str
    last_used: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A signed link that was not good: when, why, and where it was opened."""

    when: str
    why: str
    ip: str


@staff_page
def sign_in_settings(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the settings and keys; a POST keeps the settings when all are valid."""
    if request.method != "POST":
        return _page(request, viewer)
    form = SignInForm(request.POST, auto_id="sign_in_%s")
    if not form.is_valid():
        return _page(request, viewer, form)
    touched = {name: form.cleaned_data[name] for name in form.changed_data}
    change_sign_in(viewer.business, touched, by=viewer.actor)
    messages.success(request, _("The settings are saved."))
    return HttpResponseRedirect(reverse("sign_in_settings"))


@owner_page
def magic_keys(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Make a key, shown in the answer to the POST and nowhere else, or end one after a question."""
    home = reverse("sign_in_settings")
    if request.method != "POST":
        return HttpResponseRedirect(home)
    action = request.POST.get("do", "")
    if action == "create":
        try:
            _key, secret = create_magic_key(viewer.business, by=viewer.actor)
        except TooManyKeys as error:
            return _page(request, viewer, refusal=error)
        return _page(request, viewer, secret=secret)
    parsed = parse_public_id(request.POST.get("key", ""), "magic_key")
    key = signed_links.magic_keys(viewer).filter(pk=parsed).first() if parsed and action == "revoke" else None
    if key is None:
        raise NotFound("There is no such key.")
    if request.POST.get("confirmed") != "yes":
        asked: dict[str, Any] = {
            "heading": _("Revoke this key?"),
            "text": _("What it has signed stops working at once, and everybody signed in with it is signed out."),
            "button": _("Revoke"),
            "names": [(str(key), "")],
            "hidden": [("do", "revoke"), ("key", key.public_id)],
            "action": reverse("magic_keys"),
            "back": home,
        }
        return staff_answer(request, viewer, "dashboard/confirm.html", asked, nav="settings")
    revoke_magic_key(key, by=viewer.actor)
    messages.success(request, _("The key is revoked."))
    return HttpResponseRedirect(home)


def _page(
    request: HttpRequest,
    viewer: StaffViewer,
    form: SignInForm | None = None,
    *,
    secret: str = "",
    refusal: PorticoError | None = None,
) -> HttpResponse:
    fmt = reader_formatter()
    keys = _keys(viewer, fmt)
    context = {
        "form": form or SignInForm(initial=_kept(viewer.business), auto_id="sign_in_%s"),
        "login_url": f"{portal_base(viewer.business)}login/",
        "keys": keys,
        "may_create": len(keys) < MOST_KEYS,
        "secret": secret,
        "refusals": _refusals(viewer, fmt),
        "changes": moments(_changes(viewer), viewer.business, fmt),
    }
    return staff_answer(
        request,
        viewer,
        "dashboard/settings/sign_in.html",
        context,
        nav="settings",
        status=422 if form else 200,
        refusal=refusal,
    )


def _kept(business: Business) -> dict[str, Any]:
    kept = {name: getattr(business, name) for name in SIGN_IN_SETTINGS}
    return kept | {"return_origins": "\n".join(business.return_origins)}


def _changes(viewer: StaffViewer) -> QuerySet[Activity]:
    """The latest changes of what this page sets, the newest first."""
    rows = timeline_of_subject(viewer.business.pk).filter(verb=Event.SETTINGS_CHANGED)
    return rows.filter(data__after__has_any_keys=SIGN_IN_SETTINGS)[:_CHANGES]


def _keys(viewer: StaffViewer, fmt: Formatter) -> list[KeyRow]:
    zone = viewer.business.time_zone
    return [
        KeyRow(
            id=key.public_id,
            name=str(key),
            created=fmt.moment(key.created_at, zone),
            created_by=_("Command line") if key.created_by == OPERATOR.label else key.created_by,
            last_used=fmt.moment(key.last_used_at, zone) if key.last_used_at else "",
        )
        for key in signed_links.magic_keys(viewer)
    ]


def _refusals(viewer: StaffViewer, fmt: Formatter) -> list[Refusal]:
    rows = timeline_of_subject(viewer.business.pk).filter(verb=Event.SIGNED_LINK_REFUSED)[:_REFUSALS]
    return [
        Refusal(fmt.moment(row.at, viewer.business.time_zone), refusal_message(row.data["refusal"]), row.ip or "")
        for row in rows
    ]
