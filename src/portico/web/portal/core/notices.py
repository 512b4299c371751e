"""The card outside of an account: the business's mark, one sentence, one thing to do, in the active language."""

from dataclasses import dataclass, replace
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.lib.l10n import apart
from portico.web.portal.core.layout import Link
from portico.web.portal.core.mail_note import mail_note
from portico.web.portal.core.own_code import styled
from portico.web.portal.core.single_sign_on import own_site
from portico.web.portal.core.urls import page_url
from portico.web.shared.brand import brand_of
from portico.web.shared.frames import Frame, allow_frames, in_frame
from portico.web.shared.page import page


@dataclass(frozen=True, slots=True)
class Notice:
    """What the card says. `kicker` stands above the heading.

    `sign_in` offers to sign in, by e-mail and at the business's own site, `ask` to write for a fresh link.
    `renew_url` is where one is mailed, `onward` a page to go on to. `frame` is the state of a frame that shows it, and
    `again` the page that it then goes on at: see `frames.Frame`.
    """

    heading: str
    text: str
    kicker: str = ""
    ask: bool = False
    sign_in: bool = False
    renew_url: str = ""
    onward: Link | None = None
    frame: str = "refused"
    again: str = ""


def notice_page(request: HttpRequest, business: Business, notice: Notice, status: int = 200) -> HttpResponse:
    """Answer with a notice of the business, to anybody; its address may hold a secret, so nothing of its own runs."""
    subject = quote(_("A fresh link to my account"))
    frame = Frame(business.embed_origins, notice.frame, notice.again) if in_frame(request) else None
    if frame:
        notice = _in_a_frame(notice)
    context = {
        "notice": notice,
        "frame": frame,
        "renew_url": notice.renew_url,
        "sign_in_url": reverse("sign_in") if notice.sign_in else "",
        "site": own_site(business, request.get_full_path()) if notice.sign_in else None,
        "ask_url": f"mailto:{business.email}?subject={subject}" if notice.ask and business.email else "",
        "email": business.email,
        "phone": business.phone,
    }
    response = page(request, "portal/notice.html", context, brand=styled(request, business), status=status)
    if frame:
        allow_frames(request, response, business)
    return response


def _in_a_frame(notice: Notice) -> Notice:
    """Leave out what a frame is no place for: signing in there would go round in circles, as cookies are not kept."""
    # A closed portal is closed in a tab too.
    onward = notice.onward or (Link(_("Open in a new tab"), page_url("home")) if notice.frame != "closed" else None)
    return replace(notice, ask=False, sign_in=False, renew_url="", onward=onward)


def link_renewed(request: HttpRequest, business: Business) -> HttpResponse:
    """Answer a visitor who has requested a fresh link, the same for every link."""
    text = _("If an address is on file, a new link is on its way there. If it does not arrive, please ask %(name)s.")
    said = mail_note(business) or text % {"name": apart(business.name)}
    return notice_page(request, business, Notice(_("Check your mail"), said))


def confirm(request: HttpRequest, business: Business, customer: Customer) -> HttpResponse:
    """Ask the holder of a link that opens once to come in, naming the account."""
    return page(request, "portal/confirm.html", {"account": customer.name}, brand=brand_of(business))
