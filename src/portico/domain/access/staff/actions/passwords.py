"""A new password for staff: by a mailed link, good once within an hour, or by an operator."""

from datetime import timedelta

from django.db import transaction

from portico.domain.access.models import StaffLink
from portico.domain.access.programs.actions.rate_limit import Limit, hit
from portico.domain.access.staff.queries import StaffLinkClosed, account_of
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business, User
from portico.lib.clock import now
from portico.lib.visitors import subnet_of

LIFE = timedelta(hours=1)
_PER_ADDRESS = Limit("passwords asked for by an address", 5, timedelta(hours=1))
_PER_NETWORK = Limit("passwords asked for by a network", 30, timedelta(hours=1))


@transaction.atomic
def request_password(email: str, *, ip: str | None, language: str) -> None:
    """Have a link mailed to a member of staff. For an unknown address, and over a limit, nothing else is seen."""
    email = email.strip().lower()
    network = subnet_of(ip)
    within = hit(_PER_ADDRESS, email) and (not network or hit(_PER_NETWORK, network))
    user = account_of(email)
    business = Business.objects.filter(memberships__user=user).order_by("memberships__created_at").first()
    link = StaffLink.objects.create(
        business=business,
        kind=StaffLink.Kind.PASSWORD,
        email=email,
        ip=ip,
        language=language,
        expires_at=now() + LIFE,
    )
    if within and business is not None and user is not None and user.is_active:
        by = Actor("staff", user.public_id, str(user), ip)
        record(Event.STAFF_PASSWORD_ASKED, link, by=by, data={"email": user.email})


@transaction.atomic
def reset_password(link: StaffLink, password: str, *, ip: str | None) -> User:
    """Set the password that the reader of a mail has chosen; every session and every other such link ends.

    Raises StaffLinkClosed when it was used or has expired meanwhile.
    """
    link = StaffLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    user = account_of(link.email)
    if link.state != "open" or user is None:
        raise StaffLinkClosed(link.state)
    moment = now()
    StaffLink.objects.filter(kind=link.kind, email=link.email, used_at=None).update(used_at=moment)
    return set_password(user, password, by=Actor("staff", user.public_id, str(user), ip))


@transaction.atomic
def set_password(user: User, password: str, *, by: Actor) -> User:
    """Set somebody's password, which ends all of their sessions, and tell every business they work for."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.set_password(password)
    user.save(update_fields=["password"])
    record_password_change(user, by=by)
    return user


def record_password_change(user: User, *, by: Actor) -> None:
    """Note at every business they work for that somebody has another password."""
    for business in Business.objects.filter(memberships__user=user):
        record(Event.STAFF_PASSWORD_CHANGED, business, by=by, data={"user": user.public_id, "email": user.email})
