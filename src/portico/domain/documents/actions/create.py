from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from portico.domain.access.models import Grant
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.businesses.models import Business
from portico.domain.customers.checks import refuse_archived
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply_open_credits import apply_open_credits
from portico.domain.documents.actions.issue import put_on_ledger
from portico.domain.documents.actions.link import first_link
from portico.domain.documents.actions.number import next_number
from portico.domain.documents.actions.record_issue import record_issue
from portico.domain.documents.document_input import DocumentInput, checked_totals
from portico.domain.documents.errors import NumberTaken
from portico.domain.documents.events import DRAFTED
from portico.domain.documents.kinds import SPECS
from portico.domain.documents.models import Document, Line
from portico.domain.documents.new_rows import new_document, new_lines
from portico.domain.documents.queries import documents_named
from portico.domain.documents.totals import Totals
from portico.domain.ledger.actions.lock import lock_account
from portico.domain.ledger.closed import check_open
from portico.lib.errors import FieldError

__all__ = ["DocumentInput", "Written", "create_document", "create_with_link", "refuse_taken"]


@dataclass(frozen=True, slots=True)
class Written:
    """A document that was just written, its lines, and the link to it if its customer may see it."""

    document: Document
    lines: list[Line]
    link: Grant | None


def create_document(business: Business, customer: Customer, data: DocumentInput, *, by: Actor) -> Document:
    """Write a document, its lines and totals, and issue it unless it is a draft.

    Raises CustomerArchived, NumberTaken for a number or external id in use, Invalid (with places) for input that makes
    no document.
    """
    return _checked(business, customer, data, by, with_link=False).document


def create_with_link(business: Business, customer: Customer, data: DocumentInput, *, by: Actor) -> Written:
    """Write a document as `create_document` does, and the link to it in the same transaction."""
    return _checked(business, customer, data, by, with_link=True)


def _checked(business: Business, customer: Customer, data: DocumentInput, by: Actor, *, with_link: bool) -> Written:
    refuse_archived(customer)
    totals = checked_totals(business, data)
    try:
        return _create(business, customer, data, totals, by, with_link)
    except IntegrityError:
        # Somebody was faster: with this number, which is refused now, or with the one that was ours to give.
        return _create(business, customer, data, totals, by, with_link, is_free=False)


@transaction.atomic
def _create(
    business: Business,
    customer: Customer,
    data: DocumentInput,
    totals: Totals,
    by: Actor,
    with_link: bool,
    *,
    is_free: bool = True,
) -> Written:
    counts = bool(SPECS[data.kind].sign) and not data.draft
    account = lock_account(business.id, customer.pk, data.currency) if counts else None
    there = data.key and Document.objects.filter(business=business, pk=data.key).first()
    if there:
        return Written(there, list(there.lines.all()), None)
    if account is not None:
        check_open(business, data.issued_on, "/issued_on")
    refuse_taken(business.id, data.kind, number=data.number, external_id=data.external_id)
    number = data.number
    if not number and not data.draft:
        number = next_number(business.id, data.kind, SPECS[data.kind].number_prefix, is_free=is_free)
    document = new_document(business, customer, data, totals, number)
    document.save(force_insert=True)
    lines = Line.objects.bulk_create(new_lines(document, data, totals))
    if account is not None:
        put_on_ledger(account, document)
    link = first_link(document, by=by) if with_link else None
    said = {"number": number, "currency": data.currency, "total": totals.total}
    said |= {"link": link.public_id} if link else {}
    if data.draft:
        record(DRAFTED[data.kind], document, by=by, data=said)
    else:
        record_issue(document, by=by, data=said)
    if account is not None:
        apply_open_credits(account, document)
    return Written(document, lines, link)


def refuse_taken(  # reads: an edit of a draft asks it, too
    business_id: UUID, kind: str, *, number: str = "", external_id: str = "", but: Document | None = None
) -> None:
    """Raise NumberTaken when another document of the kind than `but` has this number or external id; says which."""
    for field, value in (("number", number), ("external_id", external_id)):
        other = value and documents_named(business_id, kind, **{field: value}).first()
        if other and other != but:
            raise NumberTaken(
                f"{value} already stands for {other.public_id}, issued on {other.issued_on}.",
                fields=[FieldError(f"/{field}", f"Already used by {other.public_id}.")],
            )
