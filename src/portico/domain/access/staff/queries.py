"""Who works for a business, who is invited, and what a mailed link is for."""

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet

from portico.domain.access.models import StaffLink
from portico.domain.access.secrets import candidates
from portico.domain.access.viewer import Viewer
from portico.domain.businesses.models import Membership, User
from portico.lib.errors import NotFound, PorticoError
from portico.lib.ids import parse_public_id, well_formed

PREFIX = "stl"
PURPOSE = "staff_link"


class StaffLinkClosed(PorticoError):
    """A mailed link that opens nothing any more, or never did; `reason` is unknown, used, withdrawn or expired."""

    code = "staff_link_closed"
    status = 410

    def __init__(self, reason: str) -> None:
        super().__init__("This link no longer works.")
        self.reason = reason


def team(viewer: Viewer) -> QuerySet[Membership]:
    """The staff of the viewer's business, in the order in which they joined, with `has_second_factor`."""
    factors = Authenticator.objects.filter(user=OuterRef("user")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    rows = Membership.objects.filter(business=viewer.business).select_related("user", "business")
    rows = rows.annotate(has_second_factor=Exists(factors))
    return rows.order_by("created_at", "id")


def member(viewer: Viewer, name: str) -> Membership:
    """Return the place of somebody by their account's public id or e-mail address. Raises NotFound."""
    key = parse_public_id(name, "user")
    rows = team(viewer)
    found = rows.filter(user_id=key).first() if key else rows.filter(user__email__iexact=name).first()
    if found is None:
        raise NotFound(f"{name} is not on the staff of {viewer.business.name}.")
    return found


def invitations(viewer: Viewer) -> QuerySet[StaffLink]:
    """The invitations that nobody has taken up or back, the newest first; expired ones too."""
    rows = StaffLink.objects.filter(business=viewer.business, kind=StaffLink.Kind.INVITATION)
    return rows.filter(used_at=None, withdrawn_at=None).select_related("business").order_by("-id")


def invitation(viewer: Viewer, name: str) -> StaffLink:
    """Return one of these by its public id. Raises NotFound."""
    key = parse_public_id(name, "staff_link")
    found = invitations(viewer).filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(f"There is no invitation {name}.")
    return found


def open_link(secret: str, kind: StaffLink.Kind) -> StaffLink:
    """Return what a mailed link is for. Raises StaffLinkClosed."""
    rows = StaffLink.objects.filter(kind=kind, secret_hash__in=candidates(secret, PURPOSE)).select_related("business")
    found = rows.first() if well_formed(secret, PREFIX) else None
    state = found.state if found else "unknown"
    if found is None or state != "open":
        raise StaffLinkClosed(state)
    return found


def authenticators(user: User) -> QuerySet[Authenticator]:
    """Somebody's own app, passkeys and recovery codes, in the order in which they were made."""
    rows: QuerySet[Authenticator] = Authenticator.objects.filter(user=user).order_by("id")
    return rows


def second_factors(user: User) -> QuerySet[Authenticator]:
    """Somebody's own app and passkeys: what recovery codes stand in for."""
    return authenticators(user).exclude(type=Authenticator.Type.RECOVERY_CODES)


def passkeys(user: User) -> QuerySet[Authenticator]:
    """Somebody's own passkeys."""
    return authenticators(user).filter(type=Authenticator.Type.WEBAUTHN)


def account_of(email: str) -> User | None:
    """Return the account that signs in with an address, if there is one."""
    return User.objects.filter(email__iexact=email).first()
