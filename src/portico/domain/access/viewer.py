"""Who is asking: the type that every query for a front end takes."""

from dataclasses import dataclass, field
from datetime import timedelta

from portico.domain.access.models import ApiKey, ApiScope, PortalSession, Scope
from portico.domain.activity.actor import Actor
from portico.domain.businesses.models import Business, Membership, User
from portico.domain.customers.models import Customer
from portico.lib.clock import now
from portico.lib.ids import Ref

# How long after a proof sensitive changes ask for no other.
FRESH = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class ClientInfo:
    """Where a request comes from: the portal's host, the IP address, the browser's User-Agent, and if from a frame."""

    host: str
    ip: str | None = None
    user_agent: str = ""
    in_frame: bool = False


@dataclass(frozen=True, slots=True)
class CustomerViewer:
    """Somebody in the portal, acting for one customer of one business."""

    business: Business
    customer: Customer
    session: PortalSession
    ip: str | None = None

    @property
    def target(self) -> Ref | None:
        """The one thing this session reaches, or None when it reaches the whole account."""
        return self.session.target

    @property
    def has_account(self) -> bool:
        """Whether the session reaches the whole account."""
        return self.session.scope == Scope.ACCOUNT

    @property
    def is_fresh(self) -> bool:
        """Whether the visitor has lately shown who they are, so that sensitive changes need no further proof."""
        return self.has_account and now() < self.session.proved_at + FRESH

    @property
    def actor(self) -> Actor:
        """Who the history says it was: the contact when known, the customer otherwise."""
        contact = self.session.contact if self.session.contact_id else None
        return Actor("customer", self.customer.public_id, contact.name if contact else self.customer.name, self.ip)


@dataclass(frozen=True, slots=True)
class StaffViewer:
    """A member of staff, looking at one of the businesses they belong to."""

    business: Business
    user: User
    role: Membership.Role
    ip: str | None = None

    @property
    def is_owner(self) -> bool:
        """Whether they decide about people, keys, payment providers, scripts and the business's own details."""
        return self.role == Membership.Role.OWNER

    @property
    def actor(self) -> Actor:
        return Actor("staff", self.user.public_id, str(self.user), self.ip)


@dataclass(frozen=True, slots=True)
class ApiViewer:
    """A program with a key to one business."""

    business: Business
    api_key: ApiKey
    ip: str | None = None

    @property
    def actor(self) -> Actor:
        return Actor("api", self.api_key.public_id, self.api_key.name, self.ip)

    def may(self, scope: ApiScope) -> bool:
        """Whether the key is for that."""
        return scope in self.api_key.scopes


@dataclass(frozen=True, slots=True)
class OperatorViewer:
    """The person who runs the command line on the server, for one business."""

    business: Business
    actor: Actor = field(default=Actor("operator", label="Command line"))


Viewer = CustomerViewer | StaffViewer | ApiViewer | OperatorViewer
