"""What a viewer may see of customers, links and businesses. Front ends get no rows but from here."""

from django.db.models import Q, QuerySet

from portico.domain.access.viewer import CustomerViewer, Viewer
from portico.domain.businesses.models import Business, Membership, User
from portico.domain.customers.models import Contact, Customer
from portico.domain.customers.queries import searched
from portico.lib.errors import NotFound
from portico.lib.folding import sorted_as
from portico.lib.ids import parse_public_id


def customers(viewer: Viewer) -> QuerySet[Customer]:
    """The customers a viewer may see: the business's, or in the portal the one it acts for."""
    rows = _all_customers(viewer).filter(merged_into=None)
    return rows.filter(pk=viewer.customer.pk) if isinstance(viewer, CustomerViewer) else rows


def _all_customers(viewer: Viewer) -> QuerySet[Customer]:
    """The same, with those that have become part of another one."""
    rows = Customer.objects.filter(business=viewer.business)
    return rows.filter(pk=viewer.customer.pk) if isinstance(viewer, CustomerViewer) else rows


def customer(viewer: Viewer, name: str) -> Customer:
    """Return the customer with this public id or external id. Raises NotFound.

    A public id wins, so that nobody's external id can stand in another customer's way. One that was merged into another
    leads to that one.
    """
    return _named(_all_customers(viewer).prefetch_related("addresses"), name)


def customer_signed_for(business: Business, name: str) -> Customer:
    """Return the customer whom a business has named under its own signature, as `customer` does. Raises NotFound."""
    return _named(Customer.objects.filter(business=business), name)


def _named(rows: QuerySet[Customer], name: str) -> Customer:
    rows = rows.select_related("business")
    key = parse_public_id(name, "customer")
    found = rows.filter(pk=key).first() if key else None
    # No row holds the null character, and PostgreSQL refuses to look for it.
    if found is None and name and "\x00" not in name:
        # Said as the partial unique index says it, or SQLite would not use it.
        found = rows.filter(external_id=name).exclude(external_id="").first()
    if found is None:
        raise NotFound(f"There is no customer {name}.")
    return rows.get(pk=found.merged_into_id) if found.merged_into_id else found


def customers_called(viewer: Viewer, words: str) -> list[Customer]:
    """Return the customers that somebody may mean: by id, external id, a document's number, name or e-mail address.

    An id names one alone, and so does an exact name or address before a part of a name.
    """
    try:
        return [customer(viewer, words)]
    except NotFound:
        rows = customers(viewer).select_related("business").order_by("sort_name", "pk")
    exact = Q(sort_name=sorted_as(words)) | Q(legal_name__iexact=words) | Q(email__iexact=words)
    exact |= Q(documents__number__iexact=words) | Q(contacts__email__iexact=words)
    return list(rows.filter(exact).distinct()) or list(searched(rows, viewer.business.pk, words))


def contact(viewer: Viewer, name: str) -> Contact:
    """Return the contact with this public id, of a customer the viewer may see. Raises NotFound."""
    rows = Contact.objects.select_related("customer").filter(customer__in=customers(viewer))
    key = parse_public_id(name, "contact")
    found = rows.filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(f"There is no contact {name}.")
    return found


def all_businesses() -> QuerySet[Business]:
    """Every business of the installation, for its operator."""
    return Business.objects.order_by("slug")


def memberships_of(user: User) -> QuerySet[Membership]:
    """The places of a member of staff in businesses, by the business's name."""
    rows = Membership.objects.filter(user=user).select_related("business")
    return rows.order_by("business__name", "business_id")


def business_by_slug(slug: str) -> Business | None:
    """The business a portal address names, or None."""
    return Business.objects.filter(slug=slug).first()
