"""How a customer's portal link reads: its state, its end, its uses."""

from dataclasses import dataclass
from typing import get_args

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.domain.access.links.queries.portal_links import LinkState, state_of
from portico.domain.access.models import Grant
from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.models import Business
from portico.lib.l10n import Formatter
from portico.web.shared.status import Tag


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """A customer's newest link in words; texts are empty where there is nothing to say."""

    state: LinkState
    tag: Tag
    expires: str
    last_used: str
    uses: str
    created: str
    created_by: str

    @property
    def works(self) -> bool:
        return self.state == "active"


def link_facts(link: Grant | None, business: Business, fmt: Formatter) -> LinkFacts:
    """Describe a customer's newest portal link, or that there is none."""
    state = state_of(link)
    if link is None:
        return LinkFacts(state, link_tag(state), "", "", "", "", "")
    zone = business.time_zone
    return LinkFacts(
        state=state,
        tag=link_tag(state),
        expires=fmt.moment(link.expires_at, zone) if state != "revoked" else "",
        last_used=fmt.moment(link.last_used_at, zone) if link.last_used_at else "",
        uses=ngettext("%(n)s use", "%(n)s uses", link.use_count) % {"n": fmt.number(link.use_count)},
        created=fmt.moment(link.created_at, zone),
        created_by=_("Command line") if link.created_by == OPERATOR.label else link.created_by,
    )


def link_tag(state: str) -> Tag:
    """Return the tag of a link's state: one of LinkState, or a grant's own."""
    tags = {
        "active": Tag("ok", "check", _("Active")),
        "expired": Tag("mute", "dash", _("Expired")),
        "used_up": Tag("mute", "check", _("Used")),
        "none": Tag("mute", "ring", _("No link")),
    }
    return tags.get(state) or Tag("mute", "dash", _("Revoked"))


def link_states() -> list[tuple[str, str]]:
    """Return the states a list of links can be narrowed to, as choices of a form."""
    return [("", _("Every state")), *((state, link_tag(state).text) for state in get_args(LinkState.__value__))]
