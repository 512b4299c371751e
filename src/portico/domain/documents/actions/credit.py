from collections.abc import Sequence

from django.db import transaction

from portico.domain.activity.actor import Actor
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share, apply_credit_note
from portico.domain.documents.actions.put import Put, put_document
from portico.domain.documents.document_input import DocumentInput
from portico.lib.errors import FieldError, Invalid


@transaction.atomic
def put_credit_note(
    business: Business, customer: Customer, data: DocumentInput, shares: Sequence[Share], *, by: Actor
) -> Put:
    """Write a credit note, as `put_document` does, and apply it to invoices once it is issued, all or nothing.

    Raises what `put_document` and `apply_credit_note` raise; a draft can't be applied.
    """
    if data.draft and shares:
        message = "A draft can't be applied to invoices."
        raise Invalid(message, fields=[FieldError("/allocations", message)])
    put = put_document(business, customer, data, by=by)
    if shares and put.issued:
        apply_credit_note(put.document, shares, by=by)
        put.document.refresh_from_db(fields=["open_amount", "updated_at"])
    return put
