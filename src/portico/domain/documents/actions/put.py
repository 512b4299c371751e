"""Writing a document that may be there already: a program's external id tells which one it is."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from portico.domain.activity.actor import Actor
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.create import Written, create_with_link
from portico.domain.documents.actions.edit_draft import edit_draft
from portico.domain.documents.actions.issue import issue
from portico.domain.documents.changes import changed_fields
from portico.domain.documents.defaults import as_it_is, with_defaults
from portico.domain.documents.document_input import DocumentInput
from portico.domain.documents.errors import AlreadyIssued, NumberTaken
from portico.domain.documents.models import Document, Lifecycle
from portico.domain.documents.queries import documents_named
from portico.domain.ledger.actions.lock import lock_account
from portico.lib.errors import FieldError


@dataclass(frozen=True, slots=True)
class Put:
    """A document that was put: `written` is what a new one was written with, `issued` says that it counts just now."""

    document: Document
    written: Written | None = None
    issued: bool = False


def put_document(
    business: Business, customer: Customer, data: DocumentInput, *, by: Actor, given: Collection[str] | None = None
) -> Put:
    """Write a document, or bring the one that has its external id to what is said.

    What is not among the `given` fields, where these are named, is as the document has it, and as the settings say for
    a new one. One that says the same stays as it is. A draft is changed, and issued where `data` is no draft. Raises
    what `create_document` raises, and AlreadyIssued, with the fields, for one that is issued and would change.
    """
    there = _named(business, data)
    if there is None:
        try:
            new = data if given is None else with_defaults(business, customer, data, given)
            written = create_with_link(business, customer, new, by=by)
        except NumberTaken:
            # Somebody may have put the same document just now.
            there = _named(business, data)
            if there is None:
                raise
        else:
            return Put(written.document, written, issued=not data.draft)
    return _again(there, customer, data if given is None else as_it_is(there, customer, data, given), by)


@transaction.atomic
def _again(there: Document, customer: Customer, data: DocumentInput, by: Actor) -> Put:
    changed = changed_fields(there, customer, data)
    if there.sign and there.lifecycle == Lifecycle.DRAFT and not data.draft:
        # To change the draft locks it and its customer, which come after the account that it is issued on.
        lock_account(there.business_id, customer.pk, data.currency)
    if there.lifecycle == Lifecycle.DRAFT:
        document = edit_draft(there, customer, data, by=by) if changed - {"draft"} else there
        return Put(document) if data.draft else Put(issue(document, by=by), issued=True)
    if changed:
        message = (
            f"{data.external_id} is {there} ({there.public_id}), issued on {there.issued_on}: it can't be changed."
            " Void it, which frees its external id, and write another."
        )
        fields = [FieldError(f"/{name}", "This is not what was issued.") for name in sorted(changed)]
        raise AlreadyIssued(message, fields=fields)
    return Put(there)


def _named(business: Business, data: DocumentInput) -> Document | None:
    if not data.external_id:
        return None
    rows = documents_named(business.pk, data.kind, external_id=data.external_id)
    return rows.select_related("business", "customer").first()
