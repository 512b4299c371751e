"""Who of a business's staff is told of what a customer says, at once or once a day."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from portico.domain.businesses.models import Membership
from portico.domain.conversations.models import AuthorKind, Comment, Conversation, Follower, Presence, State
from portico.lib.clock import now

# A page that shows a conversation says so more often than this.
_LOOKING = timedelta(seconds=60)


def staff_to_alert(found: Conversation) -> list[str]:
    """Return the addresses of who is told of a customer's comment at once, in the order in which they joined.

    Nobody who has the conversation on their screen.
    """
    looking = set(
        Presence.objects.filter(conversation=found, seen_at__gt=now() - _LOOKING).values_list("user_id", flat=True)
    )
    told = _told(found, list(_members(found.business_id)), _following([found.pk]).get(found.pk, {}))
    return [row.user.email for row in told if not row.daily_digest and row.user_id not in looking]


def comments_to_digest(membership: Membership, since: datetime, until: datetime) -> list[Comment]:
    """Return what customers have said that concerns a member of staff and that still waits, the oldest first."""
    said = Comment.objects.filter(
        business=membership.business_id,
        author_kind=AuthorKind.CUSTOMER,
        created_at__gt=since,
        created_at__lte=until,
        removed_at=None,
        conversation__state=State.OPEN,
    )
    rows = list(said.select_related("customer", "conversation__document").order_by("id"))
    following = _following({row.conversation_id for row in rows})
    members = list(_members(membership.business_id))
    for_them = {
        row.conversation_id
        for row in rows
        if membership in _told(row.conversation, members, following.get(row.conversation_id, {}))
    }
    return [row for row in rows if row.conversation_id in for_them]


def _told(found: Conversation, members: list[Membership], following: Mapping[UUID, bool]) -> list[Membership]:
    """The assignee if there is one who wants to be told, else all who want every question; and who follows it."""
    told = [row for row in members if row.user_id == found.assignee_id]
    told = told or [row for row in members if row.comment_alerts == Membership.Alerts.ALL]
    keys = {row.pk for row in told if following.get(row.user_id, True)}
    return [row for row in members if row.pk in keys or following.get(row.user_id, False)]


def _members(business: UUID) -> list[Membership]:
    rows = Membership.objects.filter(business=business, user__is_active=True).select_related("user")
    return list(rows.exclude(comment_alerts=Membership.Alerts.NONE).order_by("created_at", "id"))


def _following(conversations: "set[UUID] | list[UUID]") -> dict[UUID, dict[UUID, bool]]:
    found: dict[UUID, dict[UUID, bool]] = {}
    for row in Follower.objects.filter(conversation__in=conversations):
        found.setdefault(row.conversation_id, {})[row.user_id] = row.follows
    return found
