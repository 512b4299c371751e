"""Making, mailing and ending portal links, one or many; what was made is shown once, in the answer itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.domain.access.links.actions.mail_portal_link import request_portal_link_mail
from portico.domain.access.links.actions.make_portal_link import generate_portal_link, regenerate_portal_link
from portico.domain.access.links.actions.revoke import revoke
from portico.domain.access.links.queries.grants import grants
from portico.domain.access.links.queries.portal_links import newest_links
from portico.domain.access.models import Grant
from portico.domain.access.portal_urls import link_url
from portico.domain.access.queries import customers
from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.models import Customer
from portico.lib.errors import Conflict, NotFound, PorticoError
from portico.lib.ids import parse_public_id
from portico.lib.l10n import Formatter, current_language
from portico.output.exports.table import Cell, Table, csv_chunks
from portico.output.mail.queries import has_way_out
from portico.web.dashboard.core.refusals import sentence

ACTIONS = ("generate", "mail", "regenerate", "revoke")
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class FreshLink:
    """A link just made, with its address."""

    name: str
    email: str
    url: str
    expires: str
    external_id: str = ""
    # As programs read it.
    ends: str = ""


@dataclass(slots=True)
class Made:
    """The outcome of an action: links made, how many are mailed, how many ended, and who was passed over by reason."""

    fresh: list[FreshLink] = field(default_factory=list)
    mailed: int = 0
    ended: int = 0
    skipped: dict[str, list[str]] = field(default_factory=dict)

    @property
    def csv_url(self) -> str:
        """The fresh links as a file inside the page, so that no second request has to know them."""
        language = current_language()
        text = b"".join(csv_chunks(Table("", _header, self.fresh, _cells, language)))
        return "data:text/csv;charset=utf-8," + quote(text)


def carry_out(viewer: StaffViewer, chosen: Sequence[Customer], action: str, fmt: Formatter) -> Made:
    """Generate, mail, regenerate or revoke the portal links of these customers; those it can't be done for are told."""
    made = Made()
    links = newest_links(viewer, [customer.pk for customer in chosen]) if action == "revoke" else {}
    for customer in chosen:
        try:
            if action == "revoke":
                _revoke(links.get(customer.pk), viewer)
                made.ended += 1
            elif action == "mail":
                _mail(customer, viewer)
                made.mailed += 1
            else:
                made.fresh.append(_fresh(customer, viewer, action, fmt))
        except PorticoError as refusal:
            made.skipped.setdefault(refusal.code, []).append(customer.name)
    return made


def _revoke(link: Grant | None, viewer: StaffViewer) -> None:
    if link is None or link.revoked_at is not None:
        raise NotFound("There is no link to revoke.", code="no_link")
    revoke(link, by=viewer.actor)
    # Those of customers that were merged into this one open the same account.
    for other in grants(viewer).filter(customer=link.customer_id, leads_over=True, revoked_at=None):
        revoke(other, by=viewer.actor)


def _mail(customer: Customer, viewer: StaffViewer) -> None:
    if not has_way_out():
        raise Conflict("No mail server is set up.", code="no_mail_server")
    request_portal_link_mail(customer, by=viewer.actor)


def _fresh(customer: Customer, viewer: StaffViewer, action: str, fmt: Formatter) -> FreshLink:
    make = generate_portal_link if action == "generate" else regenerate_portal_link
    grant, secret = make(customer, by=viewer.actor)
    expires = fmt.moment(grant.expires_at, viewer.business.time_zone)
    ends = grant.expires_at.astimezone(ZoneInfo(viewer.business.time_zone)).isoformat(timespec="seconds")
    url = link_url(viewer.business, secret)
    return FreshLink(customer.name, customer.email, url, expires, customer.external_id, ends)


def chosen_customers(request: HttpRequest, viewer: StaffViewer) -> tuple[str, list[Customer]]:
    """Return the action a form asks for and the customers it is about, by name. Raises NotFound for any other's.

    A row's own button (`one`, such as `revoke:cus_…`) wins over what is ticked.
    """
    action, _colon, name = request.POST.get("one", "").partition(":")
    names = [name] if name else request.POST.getlist("customer")[:MOST_AT_ONCE]
    action = action if name else request.POST.get("do", "")
    keys = {parse_public_id(name, "customer") for name in names}
    if action not in ACTIONS or None in keys:
        raise NotFound("There is no such link.")
    rows = list(customers(viewer).filter(pk__in=[key for key in keys if key]).select_related("business"))
    if len(rows) != len(keys):
        raise NotFound("There is no such customer.")
    return action, sorted(rows, key=lambda customer: (customer.name.casefold(), customer.pk))


def needs_consent(request: HttpRequest, action: str) -> bool:
    """Tell whether to ask first: ending a link can't be undone."""
    return action != "generate" and request.POST.get("confirmed") != "yes"


def question(action: str, chosen: Sequence[Customer]) -> tuple[str, str, str]:
    """Return heading, sentence and button of the question before links end, at once or when a new one is mailed."""
    count = len(chosen)
    if action == "mail":
        heading = ngettext("E-mail %(n)s link?", "E-mail %(n)s links?", count) % {"n": count}
        text = _(
            "A new link goes to the customer's main address. The former one then stops working, "
            "and everybody signed in with it is signed out."
        )
        return heading, text, _("Send")
    if action == "revoke":
        heading = ngettext("Revoke %(n)s link?", "Revoke %(n)s links?", count) % {"n": count}
        return heading, _("It stops working at once, and everybody signed in with it is signed out."), _("Revoke")
    heading = ngettext("Regenerate %(n)s link?", "Regenerate %(n)s links?", count) % {"n": count}
    text = _("The former link stops working at once, and everybody signed in with it is signed out.")
    return heading, text, _("Regenerate")


def names_in_question(action: str, chosen: Sequence[Customer]) -> list[tuple[str, str]]:
    """Return whom the question is about, and the address that is to be written to."""
    mailed = action == "mail"
    return [(customer.name, (customer.email or _("No e-mail address")) if mailed else "") for customer in chosen]


def tell(request: HttpRequest, made: Made, action: str) -> None:
    """Have the next page say in a sentence what was done, if there is anything to say."""
    parts = []
    if action == "revoke":
        parts.append(ngettext("%(n)s link revoked.", "%(n)s links revoked.", made.ended) % {"n": made.ended})
    if made.mailed:
        parts.append(
            ngettext("%(n)s link is on its way.", "%(n)s links are on their way.", made.mailed) % {"n": made.mailed}
        )
    reasons = _reasons()
    parts += [
        (reasons.get(code) or sentence(code)) % {"names": ", ".join(names)} for code, names in made.skipped.items()
    ]
    if parts:
        level = messages.ERROR if action == "mail" and not made.mailed else messages.SUCCESS
        messages.add_message(request, level, " ".join(parts))


def _reasons() -> dict[str, str]:
    return {
        "link_exists": _("Left as they are, because their link works: %(names)s."),
        "no_link": _("No link to revoke: %(names)s."),
        "no_address": _("No e-mail address: %(names)s."),
        "too_many_mails": _("Written to five times within an hour, so please wait: %(names)s."),
    }


def _header() -> list[str]:
    return [_("Customer"), _("External id"), _("E-mail"), _("Link"), _("Expires")]


def _cells(link: FreshLink) -> list[Cell]:
    return [link.name, link.external_id, link.email, link.url, link.ends]
