from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from portico.domain.access.links.actions.create_grant import new_grant
from portico.domain.access.links.pages import PAGES
from portico.domain.access.models import Grant, Purpose
from portico.domain.activity.actor import Actor
from portico.domain.customers.models import Customer
from portico.lib.clock import now
from portico.lib.errors import FieldError, Invalid
from portico.lib.origins import is_within

MAGIC_LINK_LIFE = timedelta(hours=1)
LONGEST_MAGIC_LINK_LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class MagicLinkInput:
    """A sign-in link: how long it works, whether only once, the page it leads to, and where "Back" leads from there."""

    life: timedelta = MAGIC_LINK_LIFE
    single_use: bool = False
    page: str = ""
    return_url: str = ""


@transaction.atomic
def magic_link(customer: Customer, data: MagicLinkInput, *, by: Actor) -> tuple[Grant, str]:
    """Make a link that signs a customer in; returns it and its secret. Other links of the customer stay good.

    The session it opens may outlast it, as a sign-in does. Raises Invalid with the places that are wrong.
    """
    wrong: list[FieldError] = []
    if not timedelta() < data.life <= LONGEST_MAGIC_LINK_LIFE:
        wrong.append(FieldError("/expires_in", "A sign-in link works for 1 second to 24 hours."))
    if data.page and data.page not in PAGES:
        wrong.append(FieldError("/page", f"Give one of {', '.join(PAGES)}."))
    if data.return_url and not is_within(data.return_url, customer.business.return_origins):
        text = "Give a whole address on one of the sites listed in the dashboard under Portal, Sign-in."
        wrong.append(FieldError("/return_url", text))
    if wrong:
        raise Invalid(wrong[0].message, fields=wrong)
    return new_grant(
        customer,
        Purpose.MAGIC_LINK,
        now() + data.life,
        by=by,
        max_uses=1 if data.single_use else None,
        page=data.page,
        return_url=data.return_url,
    )
