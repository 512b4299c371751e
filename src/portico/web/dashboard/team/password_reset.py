"""A forgotten password: asking for a link by mail, and choosing a new one behind it."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from portico.domain.access.models import StaffLink
from portico.domain.access.staff.actions.passwords import request_password, reset_password
from portico.domain.access.staff.queries import StaffLinkClosed, account_of, open_link
from portico.output.mail.queries import has_way_out
from portico.web.dashboard.core.gate import public_page, staff_language
from portico.web.dashboard.core.portico_brand import PORTICO
from portico.web.dashboard.team.link_pages import closed_page, done_page
from portico.web.dashboard.team.new_password import NewPasswordForm
from portico.web.shared.edit_form import EmailField
from portico.web.shared.page import page
from portico.web.shared.sites import visitor_ip


class AskForm(forms.Form):
    """The address one signs in with."""

    email = EmailField(
        label=gettext_lazy("E-mail"), widget=forms.EmailInput({"class": "po-input", "autocomplete": "username"})
    )


@public_page
def ask_password(request: HttpRequest) -> HttpResponse:
    """Ask for an address; a POST answers the same for everybody's, and who is on the staff gets a mail."""
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request_password(form.cleaned_data["email"], ip=visitor_ip(request), language=staff_language(request))
        text = _("If %(email)s belongs to somebody on the staff, a mail with a link is on its way, good for one hour.")
        return done_page(request, _("Look into your mail"), text % {"email": form.cleaned_data["email"]}, sign_in=False)
    status = 422 if form.errors else 200
    context = {"form": form, "can_mail": has_way_out()}
    return page(request, "dashboard/team/ask_password.html", context, brand=PORTICO, status=status)


@public_page
@sensitive_post_parameters("password1", "password2")
def choose_password(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the form behind a mailed link; a POST sets the password, once, and ends every session."""
    try:
        link = open_link(secret, StaffLink.Kind.PASSWORD)
        form = NewPasswordForm(request.POST or None, user=account_of(link.email))
        if request.method == "POST" and form.is_valid():
            reset_password(link, form.cleaned_data["password1"], ip=visitor_ip(request))
            text = _("You are signed out on every device. Sign in with the new password.")
            return done_page(request, _("Your password is changed"), text)
    except StaffLinkClosed as refusal:
        return closed_page(request, refusal, ask_again=True)
    status = 422 if form.errors else 200
    context = {"form": form, "email": link.email}
    return page(request, "dashboard/team/choose_password.html", context, brand=PORTICO, status=status)
