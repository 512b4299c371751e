"""The addresses on file that a code can go to."""

from dataclasses import dataclass

from portico.domain.access.viewer import CustomerViewer


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address on file that a code can go to; `key` names it without telling it."""

    key: str
    email: str


def recipients(viewer: CustomerViewer) -> list[Recipient]:
    """Return the addresses on file, each once: the visitor's own first, then the contact's, the customer's."""
    customer, session = viewer.customer, viewer.session
    contacts = list(customer.contacts.all())
    own = next((contact.email for contact in contacts if contact.pk == session.contact_id), "")
    on_file = [Recipient("customer", customer.email), *(Recipient(row.public_id, row.email) for row in contacts)]
    # The order is that of the contacts, but for the likely ones.
    likely = [address.lower() for address in (session.email, own) if address]
    on_file.sort(
        key=lambda recipient: likely.index(recipient.email.lower()) if recipient.email.lower() in likely else 2
    )
    once = {recipient.email.lower(): recipient for recipient in reversed(on_file) if recipient.email}
    return [recipient for recipient in on_file if once.get(recipient.email.lower()) is recipient]
