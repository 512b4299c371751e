"""Taking up an invitation: with a new account, or with the one somebody has."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from portico.domain.access.models import StaffLink
from portico.domain.access.staff.actions.invite import accept_invitation
from portico.domain.access.staff.queries import StaffLinkClosed, account_of, open_link
from portico.domain.businesses.models import User
from portico.web.dashboard.core.gate import choose, public_page
from portico.web.dashboard.core.portico_brand import PORTICO
from portico.web.dashboard.team.link_pages import closed_page, done_page
from portico.web.dashboard.team.new_password import NewPasswordForm
from portico.web.shared.page import page
from portico.web.shared.sites import visitor_ip


class AccountForm(NewPasswordForm):
    """A new account: a name, and a password twice."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=200,
        widget=forms.TextInput({"class": "po-input", "autocomplete": "name"}),
    )
    field_order = ("name", "password1", "password2")


@public_page
@sensitive_post_parameters("password1", "password2")
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Show whom one is invited by; a POST takes the invitation up, once."""
    try:
        link = open_link(secret, StaffLink.Kind.INVITATION)
        known = account_of(link.email)
        return _of_account(request, link, known, secret) if known else _of_newcomer(request, link)
    except StaffLinkClosed as refusal:
        return closed_page(request, refusal)


def _of_newcomer(request: HttpRequest, link: StaffLink) -> HttpResponse:
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name, password = form.cleaned_data["name"], form.cleaned_data["password1"]
        accept_invitation(link, name=name, password=password, ip=visitor_ip(request))
        return done_page(request, _("Your account is ready"), _("Sign in with your e-mail and the new password."))
    return _page(request, link, {"form": form}, 422 if form.errors else 200)


def _of_account(request: HttpRequest, link: StaffLink, known: User, secret: str) -> HttpResponse:
    """The invited address has an account, which nobody but its own holder lets join."""
    visitor = request.user if isinstance(request.user, User) else None
    if visitor is not None and visitor.pk == known.pk and request.method == "POST":
        accept_invitation(link, ip=visitor_ip(request))
        assert link.business is not None
        choose(request, link.business)
        return HttpResponseRedirect(reverse("staff_home"))
    # Slashes stay as they are, so that the log knows the secret for one.
    params = urlencode({"next": reverse("invitation", args=[secret])}, safe="/")
    context = {
        "form": None,
        "joins": visitor is not None and visitor.pk == known.pk,
        "other": "" if visitor is None or visitor.pk == known.pk else visitor.email,
        "sign_in_url": f"{reverse('account_login')}?{params}",
    }
    return _page(request, link, context, 200)


def _page(request: HttpRequest, link: StaffLink, context: dict[str, Any], status: int) -> HttpResponse:
    assert link.business is not None
    own = {"business": link.business.name, "email": link.email}
    return page(request, "dashboard/team/invitation.html", own | context, brand=PORTICO, status=status)
