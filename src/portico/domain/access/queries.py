"""What a viewer may see of customers, links and businesses. No row reaches a door by another way."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from portico.domain.access.models import ApiKey, Challenge, Grant, MagicKey, Purpose
from portico.domain.access.viewer import CustomerViewer, Viewer
from portico.domain.businesses.models import Business, User
from portico.domain.customers.models import Contact, Customer
from portico.lib.clock import now
from portico.lib.errors import Conflict, NotFound
from portico.lib.ids import parse_public_id

SIGN_IN_PURPOSES = (Purpose.MAGIC_LINK, Purpose.SIGNED_LINK, Purpose.API_PORTAL_URL)


def customers(viewer: Viewer) -> QuerySet[Customer]:
    """The customers a viewer may see: the business's, or in the portal the one it acts for."""
    rows = Customer.objects.filter(business=viewer.business)
    return rows.filter(pk=viewer.customer.pk) if isinstance(viewer, CustomerViewer) else rows


def customer(viewer: Viewer, name: str) -> Customer:
    """Return the customer with this public id or external id. Raises NotFound.

    A public id wins, so that nobody's external id can stand in another customer's way.
    """
    return _named(customers(viewer).prefetch_related("addresses", "contacts"), name)


def customer_signed_for(business: Business, name: str) -> Customer:
    """Return the customer whom a business has named under its own signature, as `customer` does. Raises NotFound."""
    return _named(Customer.objects.filter(business=business), name)


def _named(rows: QuerySet[Customer], name: str) -> Customer:
    rows = rows.select_related("business")
    key = parse_public_id(name, "customer")
    found = rows.filter(pk=key).first() if key else None
    if found is None and name:
        # Said as the partial unique index says it, or SQLite would not use it.
        found = rows.filter(external_id=name).exclude(external_id="").first()
    if found is None:
        raise NotFound(f"There is no customer {name}.")
    return found


def contact(viewer: Viewer, name: str) -> Contact:
    """Return the contact with this public id, of a customer the viewer may see. Raises NotFound."""
    rows = Contact.objects.select_related("customer").filter(customer__in=customers(viewer))
    key = parse_public_id(name, "contact")
    found = rows.filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(f"There is no contact {name}.")
    return found


def grants(viewer: Viewer) -> QuerySet[Grant]:
    """The links a viewer may see, newest first."""
    rows = Grant.objects.filter(business=viewer.business).select_related("customer").order_by("-created_at")
    return rows.filter(customer=viewer.customer) if isinstance(viewer, CustomerViewer) else rows


def sign_in_links(viewer: Viewer, customer: Customer) -> QuerySet[Grant]:
    """The links of a customer that stand for a sign-in: staff's, programs' and those the business signed itself."""
    return grants(viewer).filter(customer=customer, purpose__in=SIGN_IN_PURPOSES)


def magic_keys(viewer: Viewer) -> QuerySet[MagicKey]:
    """The keys that a business's own sign-in links are signed with now, the oldest first. Customers see none."""
    rows = MagicKey.objects.filter(business=viewer.business, revoked_at=None).order_by("created_at", "id")
    return rows.none() if isinstance(viewer, CustomerViewer) else rows


def businesses_of(user: User) -> QuerySet[Business]:
    """The businesses a member of staff belongs to, by name."""
    return Business.objects.filter(memberships__user=user).order_by("name", "id")


def business_by_slug(slug: str) -> Business | None:
    """The business a portal address names, or None."""
    return Business.objects.filter(slug=slug).first()


@dataclass(frozen=True, slots=True)
class Account:
    """A customer that an address opens, and the contact whose address it is where it is not the customer's own."""

    customer: Customer
    contact: Contact | None = None

    @property
    def person(self) -> str:
        """Who the history says it was: the contact when known, the customer otherwise."""
        return self.contact.name if self.contact else self.customer.name

    @property
    def address(self) -> str:
        """The address as it is on file: mail goes there, whatever somebody typed that reads the same."""
        return self.contact.email if self.contact else self.customer.email


def customers_of_address(business: Business, email: str) -> list[Account]:
    """Return the customers of a business that whoever reads an address may act for, by name.

    The address is the customer's own or that of one of its contacts, in whatever case.
    """
    if not email.strip():
        return []
    contacts = Contact.objects.filter(_is_address(email), customer__business=business)
    accounts = {
        contact.customer_id: Account(contact.customer, contact)
        for contact in contacts.select_related("customer__business").order_by("-position", "-id")
    }
    own = Customer.objects.filter(_is_address(email), business=business).select_related("business")
    accounts |= {customer.pk: Account(customer) for customer in own}
    return sorted(accounts.values(), key=lambda account: (account.customer.name.lower(), account.customer.pk))


def addresses_to_take_back(customer: Customer) -> list[str]:
    """Return the former addresses of a customer whose readers can still take the change back, each once."""
    open_undos = Challenge.objects.filter(
        customer=customer, kind=Challenge.Kind.EMAIL_UNDO, met_at=None, expires_at__gt=now()
    )
    return sorted(set(open_undos.values_list("email", flat=True)))


def _is_address(email: str) -> Exact:
    # Said as the indexes say it, or they would not be used.
    return Exact(Lower("email"), Lower(Value(email.strip())))


def api_keys(viewer: Viewer) -> QuerySet[ApiKey]:
    """The keys of a business's programs, the newest first; ended ones too."""
    return ApiKey.objects.filter(business=viewer.business).order_by("-id")


def api_key(viewer: Viewer, name: str) -> ApiKey:
    """Return the key with this public id, name or visible beginning. Raises NotFound, or Conflict for several."""
    rows = api_keys(viewer)
    key = parse_public_id(name, "api_key")
    found = list(rows.filter(pk=key) if key else rows.filter(Q(name=name) | Q(prefix=name), revoked_at=None)[:2])
    if not found:
        raise NotFound(f"There is no key {name} in force. `portico apikey list` shows them.")
    if len(found) > 1:
        raise Conflict(f"Several keys are called {name}: name one by its id.", code="ambiguous")
    return found[0]
