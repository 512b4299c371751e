"""The sign-in card, which asks for an e-mail address."""

from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.businesses.models import Business
from portico.web.portal.core.single_sign_on import own_site
from portico.web.shared.brand import brand_of
from portico.web.shared.edit_form import EmailField
from portico.web.shared.page import page


class SignInForm(forms.Form):
    """An address to write to."""

    email = EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        widget=forms.EmailInput({"class": "po-input", "autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("Please enter your e-mail address."),
            "invalid": gettext_lazy("This is not an e-mail address, such as name@example.com."),
        },
    )


@dataclass(frozen=True, slots=True)
class Greeting:
    """What the card says above its field: a heading and one sentence."""

    heading: str
    text: str


def invitation() -> Greeting:
    """Return what the card says to a visitor without a link."""
    return Greeting(_("Sign in"), _("Enter your e-mail address and we send you a link. You need no password."))


def sign_in_card(
    request: HttpRequest,
    business: Business,
    greeting: Greeting,
    *,
    next_url: str = "",
    form: SignInForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the card. `next_url` is the path to go on to after signing in, empty for My Account."""
    context = {
        "greeting": greeting,
        "form": form or SignInForm(),
        "next": next_url,
        "site": own_site(business, next_url or request.get_full_path()),
        "email": business.email,
        "phone": business.phone,
    }
    return page(request, "portal/sign_in.html", context, brand=brand_of(business), status=status)
