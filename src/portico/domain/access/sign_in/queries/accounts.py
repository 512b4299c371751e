"""The customers that the reader of an e-mail address may act for."""

from dataclasses import dataclass

from django.db.models import Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from portico.domain.businesses.models import Business
from portico.domain.customers.models import Contact, Customer


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


def accounts_of_email(business: Business, email: str) -> list[Account]:
    """Return the customers of a business that the reader of an address may act for, by name.

    The address is the customer's own or that of one of its contacts, in whatever case.
    """
    if not email.strip():
        return []
    contacts = Contact.objects.filter(_is_address(email), customer__business=business, customer__merged_into=None)
    accounts = {
        contact.customer_id: Account(contact.customer, contact)
        for contact in contacts.select_related("customer__business").order_by("-position", "-id")
    }
    own = Customer.objects.filter(_is_address(email), business=business, merged_into=None).select_related("business")
    accounts |= {customer.pk: Account(customer) for customer in own}
    return sorted(accounts.values(), key=lambda account: (account.customer.name.lower(), account.customer.pk))


def _is_address(email: str) -> Exact:
    # Said as the indexes say it, or they would not be used.
    return Exact(Lower("email"), Lower(Value(email.strip())))
