"""Which account: chosen after an address was proved that opens several, and switched between later."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from portico.domain.access.actions.sign_in import open_account, switch_account, waiting
from portico.domain.access.models import Challenge
from portico.domain.access.queries import Account, customers_of_address
from portico.domain.access.viewer import CustomerViewer
from portico.domain.businesses.models import Business
from portico.lib.errors import NotFound
from portico.lib.ids import parse_public_id
from portico.web.portal.core.gate import portal_door, portal_page, visit_of
from portico.web.portal.core.layout import brand_of, customer_page
from portico.web.portal.core.notices import no_account
from portico.web.portal.core.redirects import page_of_this_portal
from portico.web.portal.login.browser import known_browser
from portico.web.portal.login.session import come_in, see_other
from portico.web.shared.page import page

# A list that is longer can be searched; what is shown of it stays readable.
_SEARCHED_FROM = 10
_SHOWN = 50


def go_on(request: HttpRequest, met: Challenge) -> HttpResponseBase:
    """Go on with a sign-in that was met: into the account that its address opens, or to the choice of one."""
    accounts = customers_of_address(met.business, met.email)
    if not accounts:
        return no_account(request, met.business)
    return _opened(request, met, accounts[0]) if len(accounts) == 1 else see_other(reverse("sign_in_account"))


@portal_door(methods=["GET", "HEAD", "POST"])
def sign_in_account(request: HttpRequest, business: Business) -> HttpResponseBase:
    """Let whoever has proved an address choose one of its accounts."""
    met = waiting(business, known_browser(request))
    if met is None:
        return see_other(reverse("sign_in"))
    accounts = customers_of_address(business, met.email)
    chosen = _chosen(request, accounts)
    if chosen is not None:
        return _opened(request, met, chosen)
    context = {"email": met.email, **_choice(request, accounts)}
    return page(request, "portal/login/account.html", context, house=brand_of(business))


@portal_page(methods=["GET", "HEAD", "POST"])
def accounts(request: HttpRequest, viewer: CustomerViewer) -> HttpResponseBase:
    """Let somebody whose proved address opens several accounts go on as another one."""
    if not viewer.session.email:
        raise NotFound("Nobody has proved an address here.")
    all_accounts = customers_of_address(viewer.business, viewer.session.email)
    chosen = _chosen(request, all_accounts)
    if chosen is not None and chosen.customer != viewer.customer:
        _session, token = switch_account(viewer, chosen.customer.pk, visit_of(request))
        return come_in(request, token, reverse("home"))
    if request.method == "POST":
        return see_other(reverse("home" if chosen else "accounts"))
    context = {"email": viewer.session.email, **_choice(request, all_accounts, viewer.customer.public_id)}
    return customer_page(request, viewer, "portal/login/accounts.html", context)


def _opened(request: HttpRequest, met: Challenge, account: Account) -> HttpResponseBase:
    try:
        _session, token = open_account(met, account.customer.pk, visit_of(request))
    except NotFound:
        # Somebody was faster, with the same mail or in another tab.
        return see_other(reverse("sign_in"))
    return come_in(request, token, page_of_this_portal(reverse("home") + met.page))


def _chosen(request: HttpRequest, accounts: list[Account]) -> Account | None:
    key = parse_public_id(request.POST.get("account", ""), "customer")
    return next((account for account in accounts if account.customer.pk == key), None)


def _choice(request: HttpRequest, accounts: list[Account], current: str = "") -> dict[str, object]:
    wanted = request.GET.get("q", "").strip()
    found = [account.customer for account in accounts if wanted.lower() in account.customer.name.lower()]
    return {
        "current": current,
        "accounts": found[:_SHOWN],
        "more": len(found) > _SHOWN,
        "searched": len(accounts) > _SEARCHED_FROM,
        "q": wanted,
    }
