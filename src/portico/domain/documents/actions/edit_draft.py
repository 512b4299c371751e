"""Changing and deleting what was never issued: nobody has seen it and nothing counts it."""

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.create import refuse_taken
from portico.domain.documents.actions.lock import lock_draft
from portico.domain.documents.changes import changed_fields
from portico.domain.documents.document_input import DocumentInput, checked_totals
from portico.domain.documents.errors import AlreadyIssued, EditedMeanwhile, WrongState
from portico.domain.documents.events import DRAFT_DELETED, UPDATED
from portico.domain.documents.models import Document, Lifecycle, Line
from portico.domain.documents.new_rows import new_document, new_lines
from portico.domain.documents.totals import Totals
from portico.domain.files.actions.store import remove_file
from portico.domain.files.models import File
from portico.lib.errors import FieldError, Invalid

# What a change replaces: everything that was written, and what is worked out of it.
_REPLACED = (
    "customer", "number", "external_id", "title", "disabled_methods", "issued_on", "due_on", "expires_on", "currency",
    "prices_include_tax", "subtotal", "discount_total", "tax_total", "total", "payable", "deposit_amount",
    "deposit_percent", "notes", "terms", "buyer_reference", "purchase_order", "contract_reference", "project_reference",
    "references", "delivered_on", "delivered_to", "period_start", "period_end", "particulars", "seller", "buyer",
    "breakdown", "allowances",
)  # fmt: skip


def edit_draft(
    document: Document, customer: Customer, data: DocumentInput, *, by: Actor, seen: int | None = None
) -> Document:
    """Write a draft anew, for this customer; everything but its kind may change.

    With the edition that was `seen` it raises EditedMeanwhile where another one says something else by now. Raises
    AlreadyIssued for what is no draft any more, NumberTaken for a number or external id in use, Invalid (with places)
    for input that makes no document.
    """
    totals = checked_totals(document.business, data)
    try:
        return _edit(document, customer, data, totals, by, seen)
    except IntegrityError:
        # Somebody was faster with this number or external id, which is refused now.
        return _edit(document, customer, data, totals, by, seen)


@transaction.atomic
def _edit(
    draft: Document, customer: Customer, data: DocumentInput, totals: Totals, by: Actor, seen: int | None
) -> Document:
    document = lock_draft(draft)
    refuse_issued(document)
    # A form that was sent twice finds its own words there.
    if seen not in (None, document.edition) and changed_fields(document, customer, data):
        raise EditedMeanwhile("The draft was changed in the meantime.")
    refuse_taken(document.business_id, document.kind, number=data.number, external_id=data.external_id, but=document)
    if customer.pk != document.customer_id:
        _move(document, customer)
    new = new_document(document.business, customer, data, totals, data.number)
    for name in _REPLACED:
        setattr(document, name, getattr(new, name))
    document.lines.all().delete()
    Line.objects.bulk_create(new_lines(document, data, totals))
    document.edition += 1
    document.save(update_fields=[*_REPLACED, "edition"])
    summary = {"number": document.number, "currency": document.currency, "total": document.total}
    record(UPDATED[document.kind], document, by=by, data=summary)
    return document


def _move(document: Document, customer: Customer) -> None:
    """Let the files of a draft follow it to another customer; what was said about it can't."""
    if Document.objects.filter(pk=document.pk, conversation__isnull=False).exists():
        message = "There are messages or notes about this draft: it stays with its customer."
        raise Invalid(message, fields=[FieldError("/customer", message)])
    File.objects.filter(business=document.business_id, subject_id=document.pk).update(customer=customer)


@transaction.atomic
def delete_draft(draft: Document, *, by: Actor) -> None:
    """Delete a draft with its files; its timeline stays.

    Raises AlreadyIssued for what is no draft any more, WrongState for one that somebody wrote messages or notes about.
    """
    document = lock_draft(draft)
    refuse_issued(document)
    for file in File.objects.filter(business=document.business_id, subject_id=document.pk):
        remove_file(file, by=by)
    summary = {"number": document.number, "currency": document.currency, "total": document.total}
    record(DRAFT_DELETED[document.kind], document, by=by, data=summary)
    try:
        document.delete()
    except ProtectedError as error:
        raise WrongState("There are messages or notes about this draft, so it can't be deleted.") from error


def refuse_issued(document: Document) -> None:  # reads: a caller asks before it changes
    """Raise AlreadyIssued, which says what to do instead, unless a document is a draft."""
    if document.lifecycle != Lifecycle.DRAFT:
        raise AlreadyIssued(
            f"{document} was issued on {document.issued_on} and can't be changed or deleted: void it and write another."
        )
