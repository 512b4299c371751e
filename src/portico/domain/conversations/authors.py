"""Who writes a comment, as it is kept beside it."""

from dataclasses import dataclass

from portico.domain.access.viewer import ApiViewer, CustomerViewer, StaffViewer
from portico.domain.businesses.models import User
from portico.domain.conversations.models import AuthorKind
from portico.domain.conversations.text import checked_name
from portico.domain.customers.models import Contact


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: `id` tells one from another, `name` is what everybody reads."""

    kind: AuthorKind
    id: str
    name: str
    contact: Contact | None = None


def customer_author(viewer: CustomerViewer, typed_name: str = "") -> Author:
    """Return somebody in the portal: the contact where known, else whom they say they are, else the customer.

    Who has come to the whole account is the customer; by a link to one thing it is anybody, known by the session.
    """
    session = viewer.session
    if session.contact_id and session.contact is not None:
        return Author(AuthorKind.CUSTOMER, session.contact.public_id, session.contact.name, session.contact)
    key = viewer.customer.public_id if viewer.has_account else session.public_id
    return Author(AuthorKind.CUSTOMER, key, checked_name(typed_name) or viewer.customer.name)


def staff_author(user: User) -> Author:
    """Return a member of staff."""
    return Author(AuthorKind.STAFF, user.public_id, str(user))


def author_of(viewer: StaffViewer | ApiViewer) -> Author:
    """Return who of the business is asking."""
    if isinstance(viewer, StaffViewer):
        return staff_author(viewer.user)
    return Author(AuthorKind.PROGRAM, viewer.api_key.public_id, viewer.api_key.name)
