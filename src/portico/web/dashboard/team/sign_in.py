"""Signing in and out, and changing a password: allauth's own views and limits in our pages. Nobody signs up here."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account import views as allauth_views
from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from portico.web.dashboard.core.gate import keep_private, staff_language
from portico.web.dashboard.core.portico_brand import PORTICO
from portico.web.shared.page import page

_SHORTEST_PASSWORD = 10


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is published without types
    """Staff accounts are made by `portico staff create`; nobody signs up, and nobody is sent off this host."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Where to go after signing in is a path of this host."""
        return bool(url) and str(url).startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

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
        self.fields["password1"].help_text = ngettext(
            "At least %(n)s character, and none of the common ones.",
            "At least %(n)s characters, and none of the common ones.",
            _SHORTEST_PASSWORD,
        ) % {"n": _SHORTEST_PASSWORD}


class _OurPage:
    """Renders one of allauth's views with a template of ours, in the reader's language."""

    request: HttpRequest
    template_name: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override(staff_language(request)):
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc] # allauth's
        return keep_private(response)

    def render_to_response(self, context: dict[str, Any], **_options: Any) -> HttpResponse:
        form = context.get("form")
        values = {"form": form, "next": context.get("redirect_field_value") or ""}
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

    def get_default_success_url(self) -> str:
        messages.success(self.request, gettext("Your password is changed. Other devices are signed out."))
        return reverse("staff_home")


sign_in = SignIn.as_view()
sign_out = SignOut.as_view()
change_password = ChangePassword.as_view()


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer somebody who tried too often."""
    with translation.override(staff_language(request)):
        return page(request, "dashboard/team/too_many.html", {}, brand=PORTICO, status=429)
