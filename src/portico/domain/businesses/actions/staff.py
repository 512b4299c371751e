"""Adding somebody to a business's staff, and signing them out everywhere."""

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business, Membership, User
from portico.lib.one_line import is_blank

Role = Membership.Role


@transaction.atomic
def create_staff(
    business: Business, email: str, password: str, *, by: Actor, name: str = "", role: Role | None = None
) -> User:
    """Give somebody a place in a business: a new account, or a membership for one that exists (its password stays).

    Without a `role` the first is the owner and everybody else a member.
    """
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email, password, name="" if is_blank(name) else name)
    if role is None:
        role = Role.MEMBER if _owners(business) else Role.OWNER
    _, is_new = Membership.objects.get_or_create(user=user, business=business, defaults={"role": role})
    if is_new:
        record(Event.STAFF_ADDED, business, by=by, data=named(user) | {"role": role.value})
    return user


def end_sessions_of(user: User) -> None:
    """Sign somebody out everywhere, in the caller's transaction."""
    user.sessions_ended += 1
    user.save(update_fields=["sessions_ended"])


def _owners(business: Business) -> int:
    return Membership.objects.filter(business=business, role=Role.OWNER, user__is_active=True).count()


def named(user: User) -> dict[str, str]:  # reads: what every action on staff records
    """Return what the history says of a member of staff."""
    return {"user": user.public_id, "email": user.email, "name": user.name}
