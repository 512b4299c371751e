"""Keys of programs: making one, putting a new one in its place, ending it. A secret is shown once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.models import ApiKey, ApiScope
from portico.domain.access.programs.actions.create_api_key import create_api_key
from portico.domain.access.programs.actions.revoke_api_key import revoke_api_key
from portico.domain.access.programs.actions.rotate_api_key import rotate_api_key
from portico.domain.access.programs.queries import api_keys
from portico.domain.access.viewer import StaffViewer
from portico.domain.activity.actor import OPERATOR
from portico.lib.clock import now
from portico.lib.errors import Conflict, NotFound, PorticoError
from portico.lib.ids import parse_public_id
from portico.lib.l10n import Formatter
from portico.web.dashboard.core.gate import owner_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.shared.page import reader_formatter

_SCOPES = [
    (ApiScope.READ, gettext_lazy("Read")),
    (ApiScope.WRITE, gettext_lazy("Change")),
    (ApiScope.LINKS, gettext_lazy("Make links for customers")),
]
_DAYS = [
    ("", gettext_lazy("When it is revoked")),
    ("30", gettext_lazy("After 30 days")),
    ("90", gettext_lazy("After 90 days")),
    ("365", gettext_lazy("After a year")),
]
_GRACE = [
    ("0", gettext_lazy("At once")),
    ("1", gettext_lazy("In an hour")),
    ("24", gettext_lazy("In a day")),
    ("168", gettext_lazy("In a week")),
    ("720", gettext_lazy("In 30 days")),
]


class KeyForm(forms.Form):
    """A new key."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("What the key is for, such as Shop or Bookkeeping. The history shows it."),
        max_length=100,
        widget=forms.TextInput({"class": "po-input", "autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        choices=_SCOPES,
        error_messages={"required": gettext_lazy("Choose one at least.")},
        widget=forms.CheckboxSelectMultiple({"class": "po-check"}),
    )
    days = forms.ChoiceField(
        label=gettext_lazy("It ends"), choices=_DAYS, required=False, widget=forms.Select({"class": "po-input"})
    )


class ReplaceForm(forms.Form):
    """How long the former key goes on."""

    grace = forms.ChoiceField(
        label=gettext_lazy("The former key ends"), choices=_GRACE, widget=forms.Select({"class": "po-input"})
    )


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key as it reads; `note` says when it ends or ended."""

    id: str
    name: str
    prefix: str
    scopes: str
    state: str
    note: str
    last_used: str
    created: str
    created_by: str
    replaceable: bool


@owner_page
def api_keys_page(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the keys; a POST makes, replaces or ends one, and shows a new secret in its answer and nowhere else."""
    if request.method != "POST":
        return _page(request, viewer)
    action = request.POST.get("do", "")
    if action == "create":
        return _create(request, viewer)
    key = _key(request, viewer)
    try:
        if action == "replace":
            return _replace(request, viewer, key)
        if action == "revoke":
            return _revoke(request, viewer, key)
    except Conflict as refusal:
        return _page(request, viewer, refusal=refusal)
    raise NotFound("There is no such action.")


def _create(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    form = KeyForm(request.POST, auto_id="key_%s")
    if not form.is_valid():
        return _page(request, viewer, form)
    days = form.cleaned_data["days"]
    expires_at = now() + timedelta(days=int(days)) if days else None
    scopes = [ApiScope(scope) for scope in form.cleaned_data["scopes"]]
    name = form.cleaned_data["name"]
    _made, secret = create_api_key(viewer.business, name, by=viewer.actor, scopes=scopes, expires_at=expires_at)
    return _page(request, viewer, secret=secret)


def _replace(request: HttpRequest, viewer: StaffViewer, key: ApiKey) -> HttpResponse:
    form = ReplaceForm(request.POST if "grace" in request.POST else None, initial={"grace": "24"}, auto_id="key_%s")
    if not form.is_valid():
        context = {"form": form, "name": key.name, "key": key.public_id}
        status = 422 if form.is_bound else 200
        return staff_answer(request, viewer, "dashboard/api_keys/replace.html", context, nav="settings", status=status)
    grace = timedelta(hours=int(form.cleaned_data["grace"]))
    _fresh, secret = rotate_api_key(key, grace=grace, by=viewer.actor)
    return _page(request, viewer, secret=secret)


def _revoke(request: HttpRequest, viewer: StaffViewer, key: ApiKey) -> HttpResponse:
    if request.POST.get("confirmed") != "yes":
        asked: dict[str, Any] = {
            "heading": _("Revoke this key?"),
            "text": _("Programs that use it are refused at once."),
            "button": _("Revoke"),
            "names": [(key.name, f"{key.prefix}…")],
            "hidden": [("do", "revoke"), ("key", key.public_id)],
            "action": reverse("api_keys"),
            "back": reverse("api_keys"),
        }
        return staff_answer(request, viewer, "dashboard/confirm.html", asked, nav="settings")
    revoke_api_key(key, by=viewer.actor)
    messages.success(request, _("The key is revoked."))
    return HttpResponseRedirect(reverse("api_keys"))


def _key(request: HttpRequest, viewer: StaffViewer) -> ApiKey:
    parsed = parse_public_id(request.POST.get("key", ""), "api_key")
    found = api_keys(viewer).filter(pk=parsed).first() if parsed else None
    if found is None:
        raise NotFound("There is no such key.")
    return found


def _page(
    request: HttpRequest,
    viewer: StaffViewer,
    form: KeyForm | None = None,
    *,
    secret: str = "",
    refusal: PorticoError | None = None,
) -> HttpResponse:
    fmt, rows = reader_formatter(), list(api_keys(viewer))
    empty = KeyForm(initial={"scopes": [ApiScope.READ]}, auto_id="key_%s")
    context = {
        "form": form or empty,
        "secret": secret,
        "keys": [_row(key, viewer, fmt) for key in rows if key.state == "active"],
        "ended": [_row(key, viewer, fmt) for key in rows if key.state != "active"],
    }
    status = 422 if form else 200
    return staff_answer(
        request, viewer, "dashboard/api_keys/list.html", context, nav="settings", status=status, refusal=refusal
    )


def _row(key: ApiKey, viewer: StaffViewer, fmt: Formatter) -> KeyRow:
    zone, labels = viewer.business.time_zone, dict(_SCOPES)
    return KeyRow(
        id=key.public_id,
        name=key.name,
        prefix=f"{key.prefix}…",
        scopes=fmt.list([str(labels[scope]) for scope in ApiScope if scope in key.scopes]),
        state=key.state,
        note=_note(key, zone, fmt),
        last_used=fmt.moment(key.last_used_at, zone) if key.last_used_at else "",
        created=fmt.moment(key.created_at, zone),
        created_by=_("Command line") if key.created_by == OPERATOR.label else key.created_by,
        replaceable=key.replaced_at is None,
    )


def _note(key: ApiKey, zone: str, fmt: Formatter) -> str:
    if key.revoked_at:
        return _("Revoked %(when)s") % {"when": fmt.moment(key.revoked_at, zone)}
    if key.expires_at is None:
        return ""
    when = {"when": fmt.moment(key.expires_at, zone)}
    if key.state == "expired":
        return _("Ended %(when)s") % when
    return (_("Replaced, goes on until %(when)s") if key.replaced_at else _("Works until %(when)s")) % when
