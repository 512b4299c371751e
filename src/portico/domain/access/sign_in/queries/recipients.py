"""The addresses on file that a code can go to."""

from dataclasses import dataclass

from portico.domain.access.viewer import CustomerViewer


@dataclass(frozen=True, slots=True)
class Reader:
    """An address on file that a code can go to; `key` names it without telling it."""

    key: str
    email: str


def readers(viewer: CustomerViewer) -> list[Reader]:
    """Return the addresses on file, each once: the visitor's own first, then the contact's, the customer's."""
    customer, session = viewer.customer, viewer.session
    contacts = list(customer.contacts.all())
    own = next((contact.email for contact in contacts if contact.pk == session.contact_id), "")
    on_file = [Reader("customer", customer.email), *(Reader(row.public_id, row.email) for row in contacts)]
    # The order is that of the contacts, but for the likely ones.
    likely = [address.lower() for address in (session.email, own) if address]
    on_file.sort(key=lambda reader: likely.index(reader.email.lower()) if reader.email.lower() in likely else 2)
    once = {reader.email.lower(): reader for reader in reversed(on_file) if reader.email}
    return [reader for reader in on_file if once.get(reader.email.lower()) is reader]
