"""Who gets the mail that goes out by itself."""

from portico.domain.customers.models import Customer


def usual_recipients(customer: Customer) -> list[str]:
    """Return who of a customer gets the mail: its main address, or in want of one its first contact's."""
    if customer.email:
        return [customer.email]
    return [contact.email for contact in customer.contacts.all() if contact.email][:1]
