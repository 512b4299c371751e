"""What customers and staff of the demonstration say to each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from portico.demo.business import DemoBusiness
from portico.demo.mails import send_mails
from portico.domain.activity.actor import Actor
from portico.domain.conversations.actions.comment import CommentInput, add_comment
from portico.domain.conversations.actions.handle import assign
from portico.domain.conversations.authors import Author, staff_author
from portico.domain.conversations.models import AuthorKind
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document


@dataclass(frozen=True, slots=True)
class Turn:
    """Something said so many days ago, by the customer or by staff; `note` is among staff, `resolve` ends it."""

    days_ago: int
    text: str
    by_staff: bool = False
    note: bool = False
    resolve: bool = False
    files: tuple[tuple[str, bytes], ...] = ()


def converse(demo: DemoBusiness, customer: Customer, document: Document | None, turns: Sequence[Turn]) -> None:
    """Have things said about a document, or in general, on their days."""
    for turn in turns:
        demo.on(turn.days_ago, partial(_say, demo, customer, document, turn))


def _say(demo: DemoBusiness, customer: Customer, document: Document | None, turn: Turn) -> None:
    user = demo.business.memberships.get(role="owner").user
    if turn.by_staff or turn.note:
        author, by = staff_author(user), demo.office
    else:
        contact = customer.contacts.first()
        name = contact.name if contact else customer.name
        key = contact.public_id if contact else customer.public_id
        author = Author(AuthorKind.CUSTOMER, key, name, contact)
        by = Actor("customer", customer.public_id, name, "203.0.113.7")
    data = CommentInput(turn.text, turn.files, internal=turn.note, resolve=turn.resolve)
    said = add_comment(customer, document, data, author, by=by)
    send_mails(demo)
    if turn.note:
        assign(said.conversation, user, by=demo.office)
