"""Signing in by e-mail: an address is asked, a link and a code are mailed, and one of them is brought back."""

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from portico.domain.access.errors import AnotherBrowser, ChallengeClosed, ChallengeUnknown, CodeWrong
from portico.domain.access.models import Challenge
from portico.domain.access.sign_in.actions.log_in import open_account
from portico.domain.access.sign_in.actions.request_verification import ask
from portico.domain.access.sign_in.actions.verify import meet_by_code, meet_by_link
from portico.domain.access.sign_in.queries.accounts import Account, customers_of_address
from portico.domain.access.sign_in.queries.verifications import asked_here, find_challenge, latest, waiting
from portico.domain.businesses.models import Business
from portico.lib.errors import NotFound
from portico.lib.l10n import apart
from portico.web.portal.core.gate import current_viewer, language_for, public_page, visit_of
from portico.web.portal.core.layout import brand_of
from portico.web.portal.core.notices import Notice, notice_page
from portico.web.portal.core.redirects import onwards_from, page_of_this_portal
from portico.web.portal.core.refusals import LinkNotFound
from portico.web.portal.core.sign_in_card import SignInForm, invitation, sign_in_card
from portico.web.portal.login.accounts import choice_of, chosen_account
from portico.web.portal.login.browser import browser_for, known_browser, remember
from portico.web.portal.login.responses import log_in, see_other
from portico.web.shared.page import page

_KIND = Challenge.Kind.SIGN_IN
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
        onwards = request.GET.get("next", "")
        return sign_in_card(request, business, invitation(), onwards=onwards)
    form, onwards = SignInForm(request.POST), request.POST.get("next", "")
    if not form.is_valid():
        return sign_in_card(request, business, invitation(), onwards=onwards, form=form, status=422)
    browser = browser_for(request)
    ask(
        business,
        _KIND,
        form.cleaned_data["email"],
        visit_of(request),
        browser=browser,
        page=onwards_from(onwards),
        language=get_language() or "",
    )
    response = see_other(reverse("sign_in_code"))
    remember(request, response, browser)
    return response


@public_page(methods=_READ_AND_SEND)
def sign_in_code(request: HttpRequest, business: Business) -> HttpResponseBase:
    """Say that a mail is on its way, and take its code."""
    browser = known_browser(request)
    asked = latest(business, _KIND, browser=browser)
    if asked is None:
        return see_other(reverse("sign_in"))
    if asked.state != "open":
        return _over(request, business, asked.state, asked)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            met = meet_by_code(business, _KIND, form.cleaned_data["code"], browser=browser)
        except CodeWrong:
            asked.refresh_from_db()
            if asked.state != "open":
                return _over(request, business, asked.state, asked)
            form.is_wrong()
        except ChallengeClosed as error:
            return _over(request, business, error.reason, asked)
        else:
            return _go_on(request, met)
    context = {"form": form, "email": asked.email, "next": reverse("home") + asked.page}
    status = 422 if form.errors else 200
    return page(request, "portal/login/check_mail.html", context, house=brand_of(business), status=status)


@public_page(methods=_READ_AND_SEND)
def mailed_link(request: HttpRequest, business: Business, secret: str) -> HttpResponseBase:
    """Show whom a mailed link signs in, and do it when told to.

    Programs that look at links in mails press no buttons. In another browser than the one that asked, the link needs
    the code that stands beside it in the mail.
    """
    try:
        asked = find_challenge(business, _KIND, secret)
        if request.method == "POST":
            return _answered(request, asked, secret)
    except ChallengeUnknown as error:
        raise LinkNotFound(business) from error
    except ChallengeClosed as error:
        return _over(request, business, error.reason, latest(business, _KIND, browser=known_browser(request)))
    return _confirm(request, asked, None if asked_here(asked, known_browser(request)) else CodeForm())


@public_page(methods=["GET", "HEAD", "POST"])
def sign_in_account(request: HttpRequest, business: Business) -> HttpResponseBase:
    """Let whoever has proved an address choose one of its accounts."""
    met = waiting(business, known_browser(request))
    if met is None:
        return see_other(reverse("sign_in"))
    accounts = customers_of_address(business, met.email)
    chosen = chosen_account(request, accounts)
    if chosen is not None:
        return _opened(request, met, chosen)
    context = {"email": met.email, **choice_of(request, accounts)}
    return page(request, "portal/login/account.html", context, house=brand_of(business))


def _answered(request: HttpRequest, asked: Challenge, secret: str) -> HttpResponseBase:
    browser, form = browser_for(request), CodeForm(request.POST)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    try:
        met = meet_by_link(asked.business, _KIND, secret, browser=browser, code=code)
    except AnotherBrowser:
        return _confirm(request, asked, form)
    except CodeWrong:
        # The last try closes it, which is said in its own words.
        asked = find_challenge(asked.business, _KIND, secret)
        form.is_wrong()
        return _confirm(request, asked, form)
    response = _go_on(request, met)
    remember(request, response, browser)
    return response


def _confirm(request: HttpRequest, asked: Challenge, form: CodeForm | None) -> HttpResponseBase:
    accounts = customers_of_address(asked.business, asked.email)
    only = accounts[0].customer if len(accounts) == 1 else None
    context = {"form": form, "email": asked.email, "account": only.name if only else asked.email}
    status = 422 if form and form.errors else 200
    # As the mail speaks.
    with translation.override(language_for(request, asked.business, None, only)):
        return page(request, "portal/login/mailed_link.html", context, house=brand_of(asked.business), status=status)


def _over(request: HttpRequest, business: Business, reason: str, asked: Challenge | None) -> HttpResponseBase:
    """Answer for a mail that is good no more. Who `asked` in this browser can have another one with one press."""
    if reason == "used_up" and waiting(business, known_browser(request)):
        return see_other(reverse("sign_in_account"))
    if reason == "used_up" and current_viewer(request):
        return see_other(reverse("home"))
    context = {
        "reason": reason,
        "email": asked.email if asked else "",
        "next": reverse("home") + asked.page if asked else "",
    }
    return page(request, "portal/login/mail_over.html", context, house=brand_of(business), status=403)


def _go_on(request: HttpRequest, met: Challenge) -> HttpResponseBase:
    """Go on with a sign-in that was met: into the account that its address opens, or to the choice of one."""
    accounts = customers_of_address(met.business, met.email)
    if not accounts:
        text = gettext("Your address belongs to no account here any more. Please ask %(name)s.")
        text %= {"name": apart(met.business.name)}
        notice = Notice(gettext("There is no account to open"), text, sign_in=True)
        return notice_page(request, met.business, notice, 403)
    return _opened(request, met, accounts[0]) if len(accounts) == 1 else see_other(reverse("sign_in_account"))


def _opened(request: HttpRequest, met: Challenge, account: Account) -> HttpResponseBase:
    try:
        _session, token = open_account(met, account.customer.pk, visit_of(request))
    except NotFound:
        # Somebody was faster, with the same mail or in another tab.
        return see_other(reverse("sign_in"))
    return log_in(request, token, page_of_this_portal(reverse("home") + met.page))
