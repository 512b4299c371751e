"""What a viewer may see of customers, links and businesses. Front ends get no rows but from here."""

from django.db.models import QuerySet

from portico.domain.access.viewer import CustomerViewer, Viewer
from portico.domain.businesses.models import Business, User
from portico.domain.customers.models import Contact, Customer
from portico.lib.errors import NotFound
from portico.lib.ids import parse_public_id


def customers(viewer: Viewer) -> QuerySet[Customer]:
    """The customers a viewer may see: the business's, or in the portal the one it acts for."""
    rows = Customer.objects.filter(business=viewer.business)
    return rows.filter(pk=viewer.customer.pk) if isinstance(viewer, CustomerViewer) else rows


def customer(viewer: Viewer, name: str) -> Customer:
    """Return the customer with this public id or external id. Raises NotFound.

    A public id wins, so that nobody's external id can stand in another customer's way.
    """
    return _named(customers(viewer).prefetch_related("addresses"), name)


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


def businesses_of(user: User) -> QuerySet[Business]:
    """The businesses a member of staff belongs to, by name."""
    return Business.objects.filter(memberships__user=user).order_by("name", "id")


def business_by_slug(slug: str) -> Business | None:
    """The business a portal address names, or None."""
    return Business.objects.filter(slug=slug).first()
