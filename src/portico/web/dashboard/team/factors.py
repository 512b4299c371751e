"""What the pages about second factors have in common."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.programs.actions.rate_limit import Limit
from portico.domain.access.staff.queries import second_factors
from portico.domain.businesses.models import User

PASSWORD_TRIES = Limit("passwords to confirm", 10, timedelta(minutes=5))


def signed_in_user(request: HttpRequest) -> User | None:
    """Return the account of the person signed in."""
    return request.user if isinstance(request.user, User) else None


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead a visitor who is not signed in to the sign-in, and back here."""
    params = urlencode({"next": request.get_full_path() if request.method == "GET" else reverse("second_factor")})
    return HttpResponseRedirect(f"{reverse('account_login')}?{params}")


def factor_types(user: User) -> set[str]:
    """Return which kinds of second factor somebody has; recovery codes alone are none."""
    return set(second_factors(user).values_list("type", flat=True))


def code_field(form: Any) -> Any:
    """Give one of allauth's forms for a code our words and looks."""
    field = form.fields["code"]
    field.label = _("Code")
    field.help_text = _("From your authenticator app, or a recovery code.")
    field.error_messages["required"] = _("Please fill this in.")
    field.widget.attrs = {"class": "po-input", "autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"}
    form.auto_id = "code_%s"
    return form
