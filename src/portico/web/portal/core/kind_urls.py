"""URLs of the lists and pages of each kind of document or payment."""

from uuid import UUID

from portico.domain.businesses.models import Business
from portico.lib.ids import public_id
from portico.web.portal.core.kinds import SLUGS, kinds_shown
from portico.web.portal.core.urls import item_url


def list_url(kind: str) -> str:
    """Return the URL of the list of a kind."""
    return item_url("activity_of_kind", SLUGS[kind])


def shown_item_url(kind: str, key: UUID, business: Business) -> str:
    """Return the page of a document or payment, or nothing for kinds without one or that are not shown."""
    return item_url(kind, public_id(kind, key)) if kind in kinds_shown(business) else ""
