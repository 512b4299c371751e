"""Which account: chosen after an address was proved that opens several, and switched between later."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from portico.domain.access.sign_in.actions.log_in import switch_account
from portico.domain.access.sign_in.queries.accounts import Account, accounts_of_email
from portico.domain.access.viewer import CustomerViewer
from portico.lib.errors import NotFound
from portico.lib.ids import parse_public_id
from portico.web.portal.core.gate import client_of, portal_page
from portico.web.portal.core.layout import customer_page
from portico.web.portal.login.responses import log_in, see_other

# A list that is longer can be searched; what is shown of it stays readable.
_SEARCHED_FROM = 10
_SHOWN = 50


@portal_page(methods=["GET", "HEAD", "POST"])
def accounts(request: HttpRequest, viewer: CustomerViewer) -> HttpResponseBase:
    """Let somebody whose proved address opens several accounts go on as another one."""
    if not viewer.session.email:
        raise NotFound("Nobody has proved an address here.")
    all_accounts = accounts_of_email(viewer.business, viewer.session.email)
    chosen = chosen_account(request, all_accounts)
    if chosen is not None and chosen.customer != viewer.customer:
        _session, token = switch_account(viewer, chosen.customer.pk, client_of(request))
        return log_in(request, token, reverse("home"))
    if request.method == "POST":
        return see_other(reverse("home" if chosen else "accounts"))
    context = {"email": viewer.session.email, **choice_of(request, all_accounts, viewer.customer.public_id)}
    return customer_page(request, viewer, "portal/login/accounts.html", context)


def chosen_account(request: HttpRequest, accounts: list[Account]) -> Account | None:
    """Return the account that a form has chosen, or None."""
    key = parse_public_id(request.POST.get("account", ""), "customer")
    return next((account for account in accounts if account.customer.pk == key), None)


def choice_of(request: HttpRequest, accounts: list[Account], current: str = "") -> dict[str, object]:
    """Return what a page shows to choose an account from; `current` is the public id of the present one."""
    wanted = request.GET.get("q", "").strip()
    found = [account.customer for account in accounts if wanted.lower() in account.customer.name.lower()]
    return {
        "current": current,
        "accounts": found[:_SHOWN],
        "more": len(found) > _SHOWN,
        "searched": len(accounts) > _SEARCHED_FROM,
        "q": wanted,
    }
