"""What people may do at a business, and taking their place away.

Every change locks the business first: of two owners who remove each other at the same moment, one stays.
"""

from django.db import transaction

from portico.domain.access.models import StaffLink
from portico.domain.access.staff.actions.invite import withdraw_invitation
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.actions.staff import end_sessions_of, named
from portico.domain.businesses.models import Business, Membership
from portico.lib.errors import Conflict, NotFound

Role = Membership.Role


class LastOwner(Conflict):
    """The business would be left without an owner."""

    code = "last_owner"


@transaction.atomic
def change_role(membership: Membership, role: Role, *, by: Actor) -> Membership:
    """Let somebody do more or less in a business. The same role again changes nothing.

    What somebody has invited who is no owner any more is withdrawn. Raises LastOwner, or NotFound for who has left.
    """
    membership = _locked(membership)
    if membership.role == role:
        return membership
    if role != Role.OWNER:
        _keep_an_owner(membership)
        _withdraw_invitations_of(membership, by)
    former, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    data = named(membership.user) | {"before": {"role": former}, "after": {"role": role.value}}
    record(Event.STAFF_ROLE_CHANGED, membership.business, by=by, data=data)
    return membership


@transaction.atomic
def remove_staff(membership: Membership, *, by: Actor) -> None:
    """Take somebody's place in a business away: from the commit on none of its pages opens for them.

    What they have invited is withdrawn, and who works nowhere else any more is signed out everywhere. The account
    stays, as the history names it. Raises LastOwner, or NotFound for who has left.
    """
    membership = _locked(membership)
    if membership.role == Role.OWNER:
        _keep_an_owner(membership)
    _withdraw_invitations_of(membership, by)
    business, user = membership.business, membership.user
    membership.delete()
    if not user.memberships.exists():
        end_sessions_of(user)
    record(Event.STAFF_REMOVED, business, by=by, data=named(user))


def _locked(membership: Membership) -> Membership:
    Business.objects.select_for_update(no_key=True).get(pk=membership.business_id)
    rows = Membership.objects.select_related("business", "user").select_for_update(of=("self",))
    found = rows.filter(pk=membership.pk).first()
    if found is None:
        raise NotFound("This person is not on the staff any more.")
    return found


def _keep_an_owner(membership: Membership) -> None:
    others = Membership.objects.filter(business=membership.business, role=Role.OWNER, user__is_active=True)
    if not others.exclude(pk=membership.pk).exists():
        raise LastOwner("This is the last owner. Make somebody else an owner first.")


def _withdraw_invitations_of(membership: Membership, by: Actor) -> None:
    """An invitation is good for as long as its owner might send it; without this somebody could come back by one."""
    rows = StaffLink.objects.filter(business=membership.business, kind=StaffLink.Kind.INVITATION)
    for link in rows.filter(invited_by=membership.user, used_at=None, withdrawn_at=None).order_by("id"):
        withdraw_invitation(link, by=by)
