"""What follows from what happened, after the commit: mail. Each verb that is announced has one reaction.

A reaction takes the activity, looks at things as they are now, and may run twice without harm: after a crash or a
failure the same activity comes again. `docs/recipes/add-a-mail.md` adds one.
"""

from collections.abc import Callable
from dataclasses import dataclass

from portico.domain.access.actions.grant import regenerate_portal_link
from portico.domain.access.addresses import link_url
from portico.domain.activity.actor import Actor
from portico.domain.activity.models import Activity
from portico.domain.customers.models import Customer
from portico.lib.clock import local_date
from portico.output.mail.actions.send import send
from portico.output.mail.letters import PortalLink


@dataclass(frozen=True, slots=True)
class Reaction:
    """A function, and whether somebody is waiting for its outcome: then it goes before the others."""

    run: Callable[[Activity], None]
    urgent: bool = False


def mail_portal_link(asked: Activity) -> None:
    """Make a customer's portal link and mail it. The secret is known here and in the mail, and kept nowhere."""
    customer = Customer.objects.select_related("business").get(pk=asked.subject_id)
    business = customer.business

    def write() -> PortalLink:
        by = Actor(asked.actor_kind, asked.actor_id, asked.actor_label)
        grant, secret = regenerate_portal_link(customer, by=by)
        return PortalLink(link_url(business, secret), local_date(grant.expires_at, business.time_zone))

    if customer.email:
        send(PortalLink, write, about=asked, to=customer.email, business=business, customer=customer)


REACTIONS: dict[str, Reaction] = {
    "link.mail_asked": Reaction(mail_portal_link),
}
