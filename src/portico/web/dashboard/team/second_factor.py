"""One's own second factors: an authenticator app, passkeys, and recovery codes for when they are lost."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

import segno
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes, view_recovery_codes
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.flows import activate_totp, deactivate_totp
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.internal.flows import add_authenticator, remove_authenticator
from django.contrib.auth import update_session_auth_hash
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from portico.domain.access.queries import memberships_of
from portico.domain.access.staff.actions.second_factor import MOST_PASSKEYS, TooManyPasskeys, change_second_factor
from portico.domain.access.staff.queries import authenticators, passkeys, second_factors
from portico.domain.activity.actor import Actor
from portico.domain.businesses.models import User
from portico.web.dashboard.core.gate import personal_page
from portico.web.dashboard.core.portico_brand import PORTICO
from portico.web.dashboard.core.second_factor import confirm_url, forget_second_factor, with_second_factor
from portico.web.dashboard.team.factors import code_field, factor_types, signed_in_user, to_sign_in
from portico.web.dashboard.team.passkey_forms import AddPasskeyForm
from portico.web.shared.page import page, reader_formatter
from portico.web.shared.sites import visitor_ip

type OwnPage = Callable[[HttpRequest, User], HttpResponse]


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    id: int
    name: str
    created: str
    last_used: str


def confirmed_page(view: OwnPage) -> Callable[[HttpRequest], HttpResponseBase]:
    """Make a view of a page that opens once its visitor has confirmed lately who they are."""

    @wraps(view)
    def confirmed(request: HttpRequest) -> HttpResponse:
        user = signed_in_user(request)
        if user is None:
            return to_sign_in(request)
        if not did_recently_reauthenticate(request):
            return HttpResponseRedirect(confirm_url(request.path))
        return view(request, user)

    return personal_page(confirmed)


@personal_page
def second_factor(request: HttpRequest) -> HttpResponse:
    """Show what there is: the app, the passkeys, how many recovery codes are left."""
    user = signed_in_user(request)
    if user is None:
        return to_sign_in(request)
    rows = list(authenticators(user))
    by_type = {row.type: row for row in rows}
    codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
    asked_for = memberships_of(user).filter(business__second_factor_required=True).exists()
    has_one = bool(by_type.keys() - {Authenticator.Type.RECOVERY_CODES})
    context = {
        "totp": by_type.get(Authenticator.Type.TOTP),
        "passkeys": [_passkey_row(row) for row in rows if row.type == Authenticator.Type.WEBAUTHN],
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "has_one": has_one,
        "required": asked_for and not with_second_factor(request),
        "confirm_url": confirm_url(reverse("staff_home")),
    }
    return page(request, "dashboard/team/second_factor.html", context, brand=PORTICO)


@confirmed_page
@sensitive_post_parameters("code")
def set_up_app(request: HttpRequest, user: User) -> HttpResponse:
    """Show the code to scan; a POST with a right code from the app switches it on."""
    if Authenticator.Type.TOTP in factor_types(user):
        return HttpResponseRedirect(reverse("second_factor"))
    form = code_field(ActivateTOTPForm(user=user, data=request.POST if request.method == "POST" else None))
    form.fields["code"].help_text = _("Six digits, as the app shows them now.")
    if request.method == "POST" and form.is_valid():
        _change(request, user, "totp_activated", lambda: activate_totp(request, form))
        record_authentication(request, user, method="mfa", type=Authenticator.Type.TOTP.value)
        return HttpResponseRedirect(reverse("recovery_codes"))
    uri = get_adapter().build_totp_url(user, form.secret)
    context = {
        "form": form,
        "secret": form.secret,
        "qr": segno.make(uri, error="m").svg_data_uri(scale=5, border=3, light="#fff"),
    }
    status = 422 if form.errors else 200
    return page(request, "dashboard/team/set_up_app.html", context, brand=PORTICO, status=status)


@confirmed_page
def add_passkey(request: HttpRequest, user: User) -> HttpResponse:
    """Show the form whose button asks the browser for a new passkey; a POST keeps it."""
    form = AddPasskeyForm(user=user, data=request.POST if request.method == "POST" else None)
    form.fields["name"].max_length = 100
    full = passkeys(user).count() >= MOST_PASSKEYS
    if request.method == "POST" and not full and form.is_valid():
        try:
            codes = _add(request, user, form)
        except TooManyPasskeys:
            full = True
        else:
            record_authentication(request, user, method="mfa", type=Authenticator.Type.WEBAUTHN.value)
            return HttpResponseRedirect(reverse("recovery_codes") if codes else reverse("second_factor"))
    options = "" if full else DjangoJSONEncoder().encode(begin_registration(user, True))
    context = {"options": options, "failed": request.method == "POST", "full": full}
    status = 422 if request.method == "POST" else 200
    return page(request, "dashboard/team/add_passkey.html", context, brand=PORTICO, status=status)


@confirmed_page
def recovery_codes(request: HttpRequest, user: User) -> HttpResponse:
    """Show new recovery codes, once; a POST makes others in their place."""
    if request.method == "POST":
        if factor_types(user):
            _change(request, user, "recovery_codes_generated", lambda: generate_recovery_codes(request))
        return HttpResponseRedirect(reverse("recovery_codes"))
    codes, may_see = view_recovery_codes(request)
    if codes is None or not may_see:
        return HttpResponseRedirect(reverse("second_factor"))
    context = {"codes": codes.get_unused_codes()}
    return page(request, "dashboard/team/recovery_codes.html", context, brand=PORTICO)


@confirmed_page
def remove_factor(request: HttpRequest, user: User) -> HttpResponse:
    """Take the app or a passkey away, after a question."""
    which = request.POST.get("which", "") or request.GET.get("which", "")
    rows = second_factors(user)
    found = rows.filter(pk=int(which)).first() if which.isascii() and which.isdecimal() and len(which) < 10 else None
    if found is None:
        raise Http404("There is no such second factor.")
    if request.method != "POST":
        context = {"name": _name_of(found), "which": found.pk, "last": rows.count() == 1}
        return page(request, "dashboard/team/remove_factor.html", context, brand=PORTICO)
    if found.type == Authenticator.Type.TOTP:
        _change(request, user, "totp_deactivated", lambda: deactivate_totp(request, found))
    else:
        _change(request, user, "webauthn_removed", lambda: remove_authenticator(request, found))
    if not rows.exists():
        # This browser stays signed in, by its password alone.
        forget_second_factor(request)
        user.refresh_from_db(fields=["sessions_ended"])
        update_session_auth_hash(request, user)
    return HttpResponseRedirect(reverse("second_factor"))


def _add(request: HttpRequest, user: User, form: AddPasskeyForm) -> Authenticator | None:
    """Keep a new passkey; returns the recovery codes that came with the first one."""
    name, credential = form.cleaned_data["name"].replace("\x00", "")[:100], form.cleaned_data["credential"]
    _added, codes = _change(
        request, user, "webauthn_added", lambda: add_authenticator(request, name=name, credential=credential)
    )
    found: Authenticator | None = codes
    return found


def _change[T](request: HttpRequest, user: User, what: str, change: Callable[[], T]) -> T:
    by = Actor("staff", user.public_id, str(user), visitor_ip(request))
    return change_second_factor(user, what, change, by=by)


def _name_of(row: Authenticator) -> str:
    return _("Authenticator app") if row.type == Authenticator.Type.TOTP else str(row.wrap().name)


def _passkey_row(row: Authenticator) -> PasskeyRow:
    fmt = reader_formatter()
    used = fmt.moment(row.last_used_at, "UTC") + " UTC" if row.last_used_at else ""
    return PasskeyRow(row.pk, row.wrap().name, fmt.date(row.created_at.date()), used)
