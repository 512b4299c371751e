"""Making and ending portal links, one or many; what was made is shown once, in the answer itself, and never again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from django.http import HttpRequest
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portico.domain.access.actions.grant import generate_portal_link, regenerate_portal_link, revoke
from portico.domain.access.addresses import link_url
from portico.domain.access.errors import LinkExists
from portico.domain.access.portal_links import newest_links
from portico.domain.access.queries import customers
from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.models import Customer
from portico.lib.errors import NotFound
from portico.lib.ids import parse_public_id
from portico.lib.l10n import Formatter
from portico.output.exports.table import Cell, table

DEEDS = ("generate", "regenerate", "revoke")
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class FreshLink:
    """A link just made, with its address."""

    name: str
    email: str
    url: str
    expires: str


@dataclass(slots=True)
class Made:
    """What became of a wish: the links made, the customers passed over, how many links ended."""

    fresh: list[FreshLink] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    ended: int = 0

    @property
    def csv_url(self) -> str:
        """The fresh links as a file inside the page, so that no second request has to know them."""
        language = get_language() or "en"
        text = b"".join(table(_header, self.fresh, _cells, language))
        return "data:text/csv;charset=utf-8," + quote(text)


def carry_out(viewer: StaffViewer, chosen: Sequence[Customer], deed: str, fmt: Formatter) -> Made:
    """Generate, regenerate or revoke the portal links of these customers.

    Generating passes over customers whose link works; revoking those that have none to revoke.
    """
    made = Made()
    links = newest_links(viewer, [customer.pk for customer in chosen]) if deed == "revoke" else {}
    for customer in chosen:
        if deed == "revoke":
            link = links.get(customer.pk)
            if link is None or link.revoked_at is not None:
                made.skipped.append(customer.name)
            else:
                revoke(link, by=viewer.actor)
                made.ended += 1
            continue
        make = generate_portal_link if deed == "generate" else regenerate_portal_link
        try:
            grant, secret = make(customer, by=viewer.actor)
        except LinkExists:
            made.skipped.append(customer.name)
            continue
        expires = fmt.moment(grant.expires_at, viewer.business.time_zone)
        made.fresh.append(FreshLink(customer.name, customer.email, link_url(viewer.business, secret), expires))
    return made


def chosen_customers(request: HttpRequest, viewer: StaffViewer) -> tuple[str, list[Customer]]:
    """Return the deed a form asks for and the customers it is about, by name. Raises NotFound for any other's.

    A row's own button (`one`, such as `revoke:cus_…`) wins over what is ticked.
    """
    deed, _colon, name = request.POST.get("one", "").partition(":")
    names = [name] if name else request.POST.getlist("customer")[:MOST_AT_ONCE]
    deed = deed if name else request.POST.get("deed", "")
    keys = {parse_public_id(name, "customer") for name in names}
    if deed not in DEEDS or None in keys:
        raise NotFound("There is no such link.")
    rows = list(customers(viewer).filter(pk__in=[key for key in keys if key]).select_related("business"))
    if len(rows) != len(keys):
        raise NotFound("There is no such customer.")
    return deed, sorted(rows, key=lambda customer: (customer.name.casefold(), customer.pk))


def needs_consent(request: HttpRequest, deed: str) -> bool:
    """Tell whether to ask first: ending a link can't be undone."""
    return deed != "generate" and request.POST.get("confirmed") != "yes"


def question(deed: str, chosen: Sequence[Customer]) -> tuple[str, str, str]:
    """Return heading, sentence and button of the question before links end."""
    count = len(chosen)
    if deed == "revoke":
        heading = ngettext("Revoke %(n)s link?", "Revoke %(n)s links?", count) % {"n": count}
        return heading, _("It stops working at once, and whoever is signed in with it is signed out."), _("Revoke")
    heading = ngettext("Regenerate %(n)s link?", "Regenerate %(n)s links?", count) % {"n": count}
    text = _("The former link stops working at once, and whoever is signed in with it is signed out.")
    return heading, text, _("Regenerate")


def told(made: Made, deed: str) -> str:
    """Return one sentence about what was done."""
    parts = []
    if deed == "revoke":
        parts.append(ngettext("%(n)s link revoked.", "%(n)s links revoked.", made.ended) % {"n": made.ended})
        if made.skipped:
            parts.append(_("No link to revoke: %(names)s.") % {"names": ", ".join(made.skipped)})
    elif made.skipped:
        parts.append(_("Left as they are, because their link works: %(names)s.") % {"names": ", ".join(made.skipped)})
    return " ".join(parts)


def _header() -> list[Cell]:
    return [_("Customer"), _("E-mail"), _("Link"), _("Expires")]


def _cells(link: FreshLink) -> list[Cell]:
    return [link.name, link.email, link.url, link.expires]
