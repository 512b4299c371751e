"""Inviting somebody to a business's staff: a mailed link, good once within a week."""

from datetime import timedelta

from django.db import transaction

from portico.domain.access.errors import TooManyMails
from portico.domain.access.models import StaffLink
from portico.domain.access.programs.actions.rate_limit import Limit, hit
from portico.domain.access.secrets import stored_form
from portico.domain.access.staff.queries import PREFIX, PURPOSE, StaffLinkClosed, account_of
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.actions.staff import create_staff
from portico.domain.businesses.models import Business, Membership, User
from portico.lib.clock import now
from portico.lib.errors import Conflict
from portico.lib.ids import new_secret, parse_public_id

LIFE = timedelta(days=7)
_PER_ADDRESS = Limit("invitations to an address", 5, timedelta(hours=1))
_PER_BUSINESS = Limit("invitations of a business", 50, timedelta(hours=1))


@transaction.atomic
def invite(business: Business, email: str, role: Membership.Role, *, by: Actor) -> StaffLink:
    """Have an invitation mailed. Raises Conflict for who is on the staff or invited already, and TooManyMails."""
    email = email.strip().lower()
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    if Membership.objects.filter(business=business, user__email__iexact=email).exists():
        raise Conflict(f"{email} is on the staff already.", code="already_staff")
    rows = StaffLink.objects.filter(business=business, kind=StaffLink.Kind.INVITATION, email=email)
    if rows.filter(used_at=None, withdrawn_at=None).exists():
        raise Conflict(f"{email} is invited already.", code="already_invited")
    link = StaffLink.objects.create(
        business=business,
        kind=StaffLink.Kind.INVITATION,
        email=email,
        role=role,
        created_by=by.label[:200],
        invited_by=_inviter(by),
        expires_at=now() + LIFE,
    )
    _announce(link, by)
    return link


@transaction.atomic
def invite_again(link: StaffLink, *, by: Actor) -> StaffLink:
    """Have an invitation mailed again, good for another week; the former link ends. Raises StaffLinkClosed."""
    link = _locked(link)
    link.expires_at, link.secret_hash = now() + LIFE, ""
    link.created_by, link.invited_by = by.label[:200], _inviter(by)
    link.save(update_fields=["expires_at", "secret_hash", "created_by", "invited_by"])
    _announce(link, by)
    return link


@transaction.atomic
def withdraw_invitation(link: StaffLink, *, by: Actor) -> StaffLink:
    """Take an invitation back: its link opens nothing any more. Raises StaffLinkClosed."""
    link = _locked(link)
    link.withdrawn_at = now()
    link.save(update_fields=["withdrawn_at"])
    record(Event.STAFF_INVITATION_WITHDRAWN, link, by=by, data={"email": link.email})
    return link


@transaction.atomic
def accept_invitation(link: StaffLink, *, name: str = "", password: str = "", ip: str | None = None) -> User:
    """Give the invited person their place; their own account if they have one, else a new one with this password.

    Raises StaffLinkClosed when the link was used, taken back or has expired meanwhile.
    """
    link = _locked(link)
    if link.state != "open":
        raise StaffLinkClosed(link.state)
    assert link.business is not None
    link.used_at = now()
    link.save(update_fields=["used_at"])
    known = account_of(link.email)
    by = Actor("staff", known.public_id if known else "", str(known) if known else name or link.email, ip)
    return create_staff(link.business, link.email, password, by=by, name=name, role=Membership.Role(link.role))


@transaction.atomic
def issue_staff_secret(link: StaffLink) -> str:
    """Make the secret of a link that is about to be mailed; the one that was mailed before ends."""
    secret = new_secret(PREFIX)
    StaffLink.objects.filter(pk=link.pk).update(secret_hash=stored_form(secret, PURPOSE)[0])
    return secret


def _inviter(by: Actor) -> User | None:
    key = parse_public_id(by.id, "user") if by.kind == "staff" else None
    return User.objects.filter(pk=key).first() if key else None


def _locked(link: StaffLink) -> StaffLink:
    # The business first, as where somebody is removed who has invited others.
    Business.objects.select_for_update(no_key=True).get(pk=link.business_id)
    link = StaffLink.objects.select_for_update(of=("self",)).select_related("business").get(pk=link.pk)
    if link.used_at is not None or link.withdrawn_at is not None:
        raise StaffLinkClosed(link.state)
    return link


def _announce(link: StaffLink, by: Actor) -> None:
    if not hit(_PER_ADDRESS, link.email) or not hit(_PER_BUSINESS, str(link.business_id)):
        raise TooManyMails(f"{link.email} was invited too often within an hour.")
    record(Event.STAFF_INVITED, link, by=by, data={"email": link.email, "role": link.role})
