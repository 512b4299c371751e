from datetime import timedelta

from portico.domain.access.links.actions.make_document_link import first_document_link, make_document_link
from portico.domain.access.models import Grant
from portico.domain.activity.actor import Actor
from portico.domain.customers.models import Customer
from portico.domain.documents.link_life import AFTER_PAYMENT, may_have_link, working_link, works
from portico.domain.documents.models import Document
from portico.lib.ids import Ref

STATEMENT, PAYMENT = "statement", "payment"
_LONGEST = timedelta(days=365)


def document_link(document: Document, *, by: Actor) -> tuple[Grant, str] | None:
    """Return the link to a document and its secret, the same ones until it ends; made when there is none.

    None for what its customer can't see: a draft, or a kind that the business does not show.
    """
    return link_to(document.customer, document.ref, by=by) if may_have_link(document) else None


def first_link(document: Document, *, by: Actor) -> Grant | None:
    """Make the link to a document that the caller has just made, in its transaction; None as in `document_link`."""
    if not may_have_link(document):
        return None
    return first_document_link(document.customer, document.ref, _LONGEST, by=by)


def statement_link(customer: Customer, *, by: Actor) -> tuple[Grant, str] | None:
    """Return the link to a customer's statement, as `document_link` does; None when the business shows none."""
    return link_to(customer, Ref(STATEMENT, customer.id), by=by) if customer.business.show_statements else None


def link_to(customer: Customer, target: Ref, *, by: Actor) -> tuple[Grant, str]:
    """Return the link to one thing of a customer's, a document, payment or statement, and its secret.

    Asking for one that works changes nothing.
    """
    found = working_link(target)
    if found:
        return found
    life = AFTER_PAYMENT if target.kind == PAYMENT else _LONGEST
    return make_document_link(customer, target, life, works, by=by)
