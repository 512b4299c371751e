"""Signing in by e-mail: an address is verification, a link and a code are mailed, and one of them is brought back."""

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portico.domain.access.errors import AnotherBrowser, CodeWrong, VerificationClosed, VerificationUnknown
from portico.domain.access.models import EmailVerification
from portico.domain.access.sign_in.actions.log_in import open_account
from portico.domain.access.sign_in.actions.request_verification import request_verification
from portico.domain.access.sign_in.actions.verify import verify_by_code, verify_by_link
from portico.domain.access.sign_in.queries.accounts import Account, accounts_of_email
from portico.domain.access.sign_in.queries.verifications import awaiting_choice, find_verification, latest, same_browser
from portico.domain.businesses.models import Business
from portico.lib.errors import NotFound
from portico.lib.l10n import apart, current_language
from portico.web.portal.core.gate import client_of, current_viewer, language_for, public_page
from portico.web.portal.core.mail_note import mail_note
from portico.web.portal.core.notices import Notice, notice_page
from portico.web.portal.core.redirects import next_path, page_of_this_portal
from portico.web.portal.core.refusals import LinkNotFound
from portico.web.portal.core.sign_in_card import SignInForm, invitation, sign_in_card
from portico.web.portal.login.accounts import choice_of, chosen_account
from portico.web.portal.login.browser import browser_for, known_browser, remember
from portico.web.portal.login.responses import log_in, see_other
from portico.web.shared.brand import brand_of
from portico.web.shared.page import page

_KIND = EmailVerification.Kind.SIGN_IN
_READ_AND_SEND = ("GET", "HEAD", "POST")


class CodeForm(forms.Form):
    """The code of a mail."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            {
                "class": "po-input po-code",
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "placeholder": "ABCD-EFGH",
                "dir": "ltr",
            }
        ),
        error_messages={"required": _("Please enter the code from the mail.")},
    )

    def is_wrong(self) -> None:
        """Say that the code is not the one in the mail."""
        self.add_error("code", _("This is not the code in the mail. Please look again."))


@public_page(methods=_READ_AND_SEND)
def sign_in(request: HttpRequest, business: Business) -> HttpResponseBase:
    """Ask for an address and have a mail sent to it. What follows is the same whether anybody here has the address."""
    if request.method != "POST":
        next_url = request.GET.get("next", "")
        return sign_in_card(request, business, invitation(), next_url=next_url)
    form, next_url = SignInForm(request.POST), request.POST.get("next", "")
    if not form.is_valid():
        return sign_in_card(request, business, invitation(), next_url=next_url, form=form, status=422)
    browser = browser_for(request)
    request_verification(
        business,
        _KIND,
        form.cleaned_data["email"],
        client_of(request),
        browser=browser,
        page=next_path(next_url),
        language=current_language(),
    )
    response = see_other(reverse("sign_in_code"))
    remember(request, response, browser)
    return response


@public_page(methods=_READ_AND_SEND)
def sign_in_code(request: HttpRequest, business: Business) -> HttpResponseBase:
    """Say that a mail is on its way, and take its code."""
    browser = known_browser(request)
    verification = latest(business, _KIND, browser=browser)
    if verification is None:
        return see_other(reverse("sign_in"))
    if verification.state != "open":
        return _ended(request, business, verification.state, verification)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            verified = verify_by_code(business, _KIND, form.cleaned_data["code"], browser=browser)
        except CodeWrong:
            verification.refresh_from_db()
            if verification.state != "open":
                return _ended(request, business, verification.state, verification)
            form.is_wrong()
        except VerificationClosed as error:
            return _ended(request, business, error.reason, verification)
        else:
            return _continue(request, verified)
    next_url = reverse("home") + verification.page
    context = {"form": form, "email": verification.email, "next": next_url, "mail_note": mail_note(business)}
    status = 422 if form.errors else 200
    return page(request, "portal/login/check_mail.html", context, brand=brand_of(business), status=status)


@public_page(methods=_READ_AND_SEND)
def mailed_link(request: HttpRequest, business: Business, secret: str) -> HttpResponseBase:
    """Show whom a mailed link signs in, and do it when told to.

    Programs that look at links in mails press no buttons. In another browser than the one that requested the mail, the
    link needs the code beside it.
    """
    try:
        verification = find_verification(business, _KIND, secret)
        if request.method == "POST":
            return _verify(request, verification, secret)
    except VerificationUnknown as error:
        raise LinkNotFound(business) from error
    except VerificationClosed as error:
        return _ended(request, business, error.reason, latest(business, _KIND, browser=known_browser(request)))
    return _confirm(request, verification, None if same_browser(verification, known_browser(request)) else CodeForm())


@public_page(methods=["GET", "HEAD", "POST"])
def sign_in_account(request: HttpRequest, business: Business) -> HttpResponseBase:
    """Let the visitor choose one of the accounts of the address just verified."""
    verified = awaiting_choice(business, known_browser(request))
    if verified is None:
        return see_other(reverse("sign_in"))
    accounts = accounts_of_email(business, verified.email)
    chosen = chosen_account(request, accounts)
    if chosen is not None:
        return _opened(request, verified, chosen)
    context = {"email": verified.email, **choice_of(request, accounts)}
    return page(request, "portal/login/account.html", context, brand=brand_of(business))


def _verify(request: HttpRequest, verification: EmailVerification, secret: str) -> HttpResponseBase:
    browser, form = browser_for(request), CodeForm(request.POST)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    try:
        verified = verify_by_link(verification.business, _KIND, secret, browser=browser, code=code)
    except AnotherBrowser:
        return _confirm(request, verification, form)
    except CodeWrong:
        # The last try closes it, which is said in its own words.
        verification = find_verification(verification.business, _KIND, secret)
        form.is_wrong()
        return _confirm(request, verification, form)
    response = _continue(request, verified)
    remember(request, response, browser)
    return response


def _confirm(request: HttpRequest, verification: EmailVerification, form: CodeForm | None) -> HttpResponseBase:
    accounts = accounts_of_email(verification.business, verification.email)
    only = accounts[0].customer if len(accounts) == 1 else None
    context = {"form": form, "email": verification.email, "account": only.name if only else verification.email}
    status = 422 if form and form.errors else 200
    # As the mail speaks.
    with translation.override(language_for(request, verification.business, None, only)):
        return page(
            request, "portal/login/mailed_link.html", context, brand=brand_of(verification.business), status=status
        )


def _ended(
    request: HttpRequest, business: Business, reason: str, verification: EmailVerification | None
) -> HttpResponseBase:
    """Say that a mail's link is over. If this browser requested it, `verification` lets it request another at once."""
    if reason == "used_up" and awaiting_choice(business, known_browser(request)):
        return see_other(reverse("sign_in_account"))
    if reason == "used_up" and current_viewer(request):
        return see_other(reverse("home"))
    context = {
        "reason": reason,
        "email": verification.email if verification else "",
        "next": reverse("home") + verification.page if verification else "",
    }
    return page(request, "portal/login/mail_over.html", context, brand=brand_of(business), status=403)


def _continue(request: HttpRequest, verified: EmailVerification) -> HttpResponseBase:
    """Continue a verified sign-in: into the account that its address opens, or to the choice of one."""
    accounts = accounts_of_email(verified.business, verified.email)
    if not accounts:
        text = gettext("Your address belongs to no account here any more. Please ask %(name)s.")
        text %= {"name": apart(verified.business.name)}
        notice = Notice(gettext("There is no account to open"), text, sign_in=True)
        return notice_page(request, verified.business, notice, 403)
    return _opened(request, verified, accounts[0]) if len(accounts) == 1 else see_other(reverse("sign_in_account"))


def _opened(request: HttpRequest, verified: EmailVerification, account: Account) -> HttpResponseBase:
    try:
        _session, token = open_account(verified, account.customer.pk, client_of(request))
    except NotFound:
        # Somebody was faster, with the same mail or in another tab.
        return see_other(reverse("sign_in"))
    return log_in(request, token, page_of_this_portal(reverse("home") + verified.page))
