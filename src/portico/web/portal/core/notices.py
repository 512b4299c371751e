"""The card outside of an account: the business's mark, one sentence, one thing to do, in the active language."""

from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.lib.l10n import apart
from portico.web.portal.core.layout import Link
from portico.web.portal.core.own_code import styled
from portico.web.portal.core.single_sign_on import own_site
from portico.web.shared.brand import brand_of
from portico.web.shared.page import page


@dataclass(frozen=True, slots=True)
class Notice:
    """What the card says. `kicker` stands above the heading.

    `sign_in` offers to sign in, by e-mail and at the business's own site, `ask` to write for a fresh link.
    `renew_url` is where one is mailed, `onward` a page to go on to.
    """

    heading: str
    text: str
    kicker: str = ""
    ask: bool = False
    sign_in: bool = False
    renew_url: str = ""
    onward: Link | None = None


def notice_page(request: HttpRequest, business: Business, notice: Notice, status: int = 200) -> HttpResponse:
    """Answer with a notice of the business, to anybody; its address may hold a secret, so nothing of its own runs."""
    subject = quote(_("A fresh link to my account"))
    context = {
        "notice": notice,
        "renew_url": notice.renew_url,
        "sign_in_url": reverse("sign_in") if notice.sign_in else "",
        "site": own_site(business, request.get_full_path()) if notice.sign_in else None,
        "ask_url": f"mailto:{business.email}?subject={subject}" if notice.ask and business.email else "",
        "email": business.email,
        "phone": business.phone,
    }
    return page(request, "portal/notice.html", context, brand=styled(request, business), status=status)


def link_renewed(request: HttpRequest, business: Business) -> HttpResponse:
    """Answer a visitor who has requested a fresh link, the same for every link."""
    text = _("If an address is on file, a new link is on its way there. If it does not arrive, please ask %(name)s.")
    return notice_page(request, business, Notice(_("Check your mail"), text % {"name": apart(business.name)}))


def confirm(request: HttpRequest, business: Business, customer: Customer) -> HttpResponse:
    """Ask the holder of a link that opens once to come in, naming the account."""
    return page(request, "portal/confirm.html", {"account": customer.name}, brand=brand_of(business))
