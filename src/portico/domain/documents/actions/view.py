from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.documents.models import Document, Lifecycle
from portico.lib.clock import now


@transaction.atomic
def mark_viewed(document: Document, *, by: Actor) -> None:
    """Note that a customer saw an issued document; only the first time counts, and staff never do."""
    document = Document.objects.select_for_update(of=("self",)).select_related("customer").get(pk=document.pk)
    if document.first_viewed_at is not None or by.kind != "customer" or document.lifecycle == Lifecycle.DRAFT:
        return
    document.first_viewed_at = now()
    document.save(update_fields=["first_viewed_at"])
    record(
        f"{document.kind}.viewed",
        document.ref,
        business_id=document.business_id,
        customer_id=document.customer_id,
        by=by,
        revises=document.customer,
        data={"number": document.number},
    )
