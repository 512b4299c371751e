from collections.abc import Sequence

from django.db import transaction

from portico.domain.activity.actor import Actor
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share, apply_credit_note
from portico.domain.documents.actions.create import DocumentInput, create_document
from portico.domain.documents.models import Document
from portico.lib.errors import FieldError, Invalid


@transaction.atomic
def create_credit_note(
    business: Business, customer: Customer, data: DocumentInput, shares: Sequence[Share], *, by: Actor
) -> Document:
    """Write a credit note and apply it to invoices, all or nothing. A draft can't be applied.

    Raises what `create_document` and `apply_credit_note` raise.
    """
    if data.draft and shares:
        message = "A draft can't be applied to invoices."
        raise Invalid(message, fields=[FieldError("/allocations", message)])
    credit_note = create_document(business, customer, data, by=by)
    if shares:
        apply_credit_note(credit_note, shares, by=by)
        credit_note.refresh_from_db(fields=["open_amount"])
    return credit_note
