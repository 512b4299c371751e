"""Customers by the state of their portal link."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from portico.domain.access.links.queries.grants import grants
from portico.domain.access.models import Grant, Purpose
from portico.domain.access.queries import customers
from portico.domain.access.viewer import Viewer
from portico.domain.customers.models import Customer
from portico.lib.clock import now

type LinkState = Literal["active", "expired", "revoked", "none"]
_CONDITIONS: dict[LinkState, Callable[[datetime], Q]] = {
    "active": lambda moment: Q(newest_revoked_at=None, newest_expires_at__gt=moment),
    "expired": lambda moment: Q(newest_revoked_at=None, newest_expires_at__lte=moment),
    "revoked": lambda _moment: Q(newest_revoked_at__isnull=False),
    "none": lambda _moment: Q(newest_expires_at=None),
}


def customers_by_link(viewer: Viewer, state: LinkState | None = None) -> QuerySet[Customer]:
    """The customers a viewer may see, narrowed to those whose newest portal link is in this state."""
    rows = customers(viewer)
    if state is None:
        return rows
    newest = Grant.objects.filter(customer=OuterRef("pk"), purpose=Purpose.PORTAL_LINK, leads_over=False).order_by(
        "-created_at", "-id"
    )
    rows = rows.annotate(
        newest_expires_at=Subquery(newest.values("expires_at")[:1]),
        newest_revoked_at=Subquery(newest.values("revoked_at")[:1]),
    )
    return rows.filter(_CONDITIONS[state](now()))


def newest_links(viewer: Viewer, customer_ids: Iterable[UUID]) -> dict[UUID, Grant]:
    """Return the newest portal link of each of these customers, of those that ever had one."""
    wanted = {"purpose": Purpose.PORTAL_LINK, "leads_over": False}
    rows = grants(viewer).filter(customer__in=list(customer_ids), **wanted)
    return {link.customer_id: link for link in rows.order_by("created_at", "id")}


def state_of(link: Grant | None) -> LinkState:
    """Tell the state of a customer's newest portal link: a replaced or revoked one reads revoked."""
    if link is None:
        return "none"
    if link.revoked_at is not None:
        return "revoked"
    return "active" if link.state == "active" else "expired"
