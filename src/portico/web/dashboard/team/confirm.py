"""Confirming who one is before something important: by the second factor, or by the password without one."""

from typing import Any

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from portico.domain.access.programs.actions import rate_limit
from portico.domain.businesses.models import User
from portico.web.dashboard.core.gate import personal_page
from portico.web.dashboard.core.portico_brand import PORTICO
from portico.web.dashboard.team.factors import PASSWORD_TRIES, code_field, factor_types, signed_in_user, to_sign_in
from portico.web.dashboard.team.passkey_forms import PasskeyConfirmForm
from portico.web.shared.page import page
from portico.web.shared.paths import is_own_path


class PasswordForm(forms.Form):
    """The password of the person signed in. Wrong ones are counted."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput({"class": "po-input", "autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Refuse another password, and any once there were too many."""
        if not rate_limit.hit(PASSWORD_TRIES, str(self.user.pk)):
            raise forms.ValidationError(_("Too many tries. Please wait five minutes."))
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your password."))
        return password


@personal_page
@sensitive_post_parameters("password", "code")
def confirm_identity(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor, or for the password where there is none; a right POST goes on."""
    user = signed_in_user(request)
    if user is None:
        return to_sign_in(request)
    kinds, posted = factor_types(user), request.POST if request.method == "POST" else None
    if not kinds and request.GET.get("by") == "factor":
        return HttpResponseRedirect(reverse("second_factor"))
    next_url = request.POST.get("next") or request.GET.get("next", "")
    code_form = passkey_form = password_form = None
    if not kinds:
        password_form = PasswordForm(posted, user=user, auto_id="confirm_%s")
        if posted and password_form.is_valid():
            reauthenticate_by_password(request)
            return _on(next_url)
    else:
        by_passkey = posted is not None and "credential" in posted
        code_form = code_field(ReauthenticateForm(user=user, data=None if by_passkey else posted))
        passkey_form = PasskeyConfirmForm(user=user, data=posted if by_passkey else None)
        answered = passkey_form if by_passkey else code_form
        if posted and answered.is_valid():
            answered.save()
            return _on(next_url)
    context = {
        "next": next_url,
        "password_form": password_form,
        "code_form": code_form,
        "passkey_failed": bool(passkey_form and passkey_form.errors),
        "passkey_options": _options(user) if Authenticator.Type.WEBAUTHN in kinds else "",
    }
    return page(
        request, "dashboard/team/confirm.html", context, brand=PORTICO, status=422 if posted is not None else 200
    )


def _options(user: User) -> str:
    return DjangoJSONEncoder().encode(begin_authentication(user))


def _on(next_url: str) -> HttpResponse:
    return HttpResponseRedirect(next_url if is_own_path(next_url) else reverse("second_factor"))
