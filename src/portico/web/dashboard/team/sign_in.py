"""Signing in and out, and changing a password: allauth's own views and limits in our pages. Nobody signs up here."""

from typing import Any
from urllib.parse import urlencode

from allauth.account import forms as allauth_forms
from allauth.account import views as allauth_views
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django import forms
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portico.domain.access.staff.actions.passwords import record_password_change
from portico.domain.activity.actor import Actor
from portico.domain.businesses.models import User
from portico.web.dashboard.core.gate import personal_page, public_page, staff_language
from portico.web.dashboard.core.portico_brand import PORTICO
from portico.web.dashboard.team.factors import code_field, factor_types
from portico.web.dashboard.team.new_password import password_rule
from portico.web.dashboard.team.passkey_forms import PasskeySignInForm, PasskeyStepForm
from portico.web.shared.page import page
from portico.web.shared.paths import is_own_path
from portico.web.shared.sites import visitor_ip


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is published without types
    """Staff accounts are made by invitation or `portico staff create`; nobody signs up or is sent off this host."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Where to go after signing in is a path of this host."""
        return url is not None and is_own_path(url)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, str]]:
        """There is one page to confirm who one is."""
        return [{"id": "confirm", "description": "", "url": reverse("confirm_identity")}]

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing of its own: what changes is noted and mailed by us."""

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing of its own: the page that follows speaks for itself."""


class SignInForm(allauth_forms.LoginForm):  # type: ignore[misc]  # allauth is published without types
    """E-mail and password, in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = gettext("E-mail")
        self.fields["login"].widget = forms.EmailInput({"class": "po-input", "autocomplete": "username"})
        self.fields["password"].label = gettext("Password")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs = {"class": "po-input", "autocomplete": "current-password"}


class PasswordForm(allauth_forms.ChangePasswordForm):  # type: ignore[misc]  # allauth is published without types
    """The current password and the new one, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": _("Current password"),
            "password1": _("New password"),
            "password2": _("New password again"),
        }
        for name, label in labels.items():
            autocomplete = "current-password" if name == "oldpassword" else "new-password"
            self.fields[name].label = label
            self.fields[name].help_text = ""
            self.fields[name].widget.attrs = {"class": "po-input", "autocomplete": autocomplete}
        self.fields["password1"].help_text = password_rule()


class _OurPage:
    """Renders one of allauth's views with a template of ours."""

    request: HttpRequest
    template_name: str

    def render_to_response(self, context: dict[str, Any], **_options: Any) -> HttpResponse:
        form = context.get("form")
        values = {
            "form": form,
            "next": context.get("redirect_field_value") or "",
            "passkey_failed": self.request.GET.get("passkey") == "unknown",
        }
        status = 422 if form is not None and form.is_bound and form.errors else 200
        return page(self.request, self.template_name, values, brand=PORTICO, status=status)


class SignIn(_OurPage, allauth_views.LoginView):  # type: ignore[misc]  # allauth is published without types
    form_class = SignInForm
    template_name = "dashboard/team/sign_in.html"


class SignOut(_OurPage, allauth_views.LogoutView):  # type: ignore[misc]  # allauth is published without types
    template_name = "dashboard/team/sign_out.html"

    def post(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().post(*args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


class ChangePassword(_OurPage, allauth_views.PasswordChangeView):  # type: ignore[misc]  # allauth has no types
    form_class = PasswordForm
    template_name = "dashboard/team/password.html"

    def form_valid(self, form: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().form_valid(form)
        user = self.request.user
        assert isinstance(user, User)
        record_password_change(user, by=Actor("staff", user.public_id, str(user), visitor_ip(self.request)))
        return response

    def get_default_success_url(self) -> str:
        messages.success(self.request, gettext("Your password is changed. Other devices are signed out."))
        return reverse("staff_home")


class SecondStep(_OurPage, AuthenticateView):  # type: ignore[misc]  # allauth is published without types
    """After the password: a code of the app, a recovery code or a passkey."""

    template_name = "dashboard/team/second_step.html"
    webauthn_form_class = PasskeyStepForm

    def render_to_response(self, context: dict[str, Any], **_options: Any) -> HttpResponse:
        kinds = factor_types(self.stage.login.user)
        passkey = Authenticator.Type.WEBAUTHN in kinds
        values = {
            "form": code_field(context["form"]),
            "passkey_options": DjangoJSONEncoder().encode(context["js_data"]["request_options"]) if passkey else "",
            "passkey_failed": bool(context["webauthn_form"].errors),
            "passkey_only": Authenticator.Type.TOTP not in kinds,
        }
        status = 422 if self.request.method == "POST" else 200
        return page(self.request, self.template_name, values, brand=PORTICO, status=status)


class PasskeySignIn(LoginWebAuthnView):  # type: ignore[misc]  # allauth is published without types
    """Signing in with a passkey alone: it is two factors in one, as the device asks for a finger, a face or a PIN."""

    form_class = PasskeySignInForm

    def form_invalid(self, form: Any) -> HttpResponseBase:
        next_url = self.request.POST.get("next", "")
        params = {"passkey": "unknown"} | ({"next": next_url} if next_url else {})
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode(params)}")


sign_in = public_page(SignIn.as_view())
sign_out = public_page(SignOut.as_view())
second_step = public_page(SecondStep.as_view())
passkey_sign_in = public_page(PasskeySignIn.as_view())
change_password = personal_page(ChangePassword.as_view())


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer somebody who tried too often."""
    with translation.override(staff_language(request)):
        return page(request, "dashboard/team/too_many.html", {}, brand=PORTICO, status=429)
