from collections.abc import Iterable
from uuid import UUID

from portico.domain.documents.kinds import SPECS, kinds_of_sign
from portico.domain.documents.models import Document, PaymentPlan
from portico.domain.documents.plan_queries import in_force
from portico.domain.ledger.models import Item


def settle(keys: Iterable[UUID]) -> None:
    """Copy what the ledger says is open onto the documents among `keys`; other keys are passed over.

    A payment plan's next instalment follows from what is open.
    """
    rows = Item.objects.filter(pk__in=list(keys), kind__in=kinds_of_sign(1, -1))
    changed = []
    for key, kind, left in rows.order_by("id").values_list("id", "kind", "open"):
        Document.objects.filter(pk=key).update(open_amount=SPECS[kind].sign * left)
        changed.append(key)
    follow_plans(changed)


def follow_plans(keys: Iterable[UUID]) -> None:
    """Copy the day of the next instalment onto the documents among `keys` that have a payment plan in force."""
    keys = list(keys)
    if not PaymentPlan.objects.filter(document__in=keys, ended_at=None).exists():
        # As almost always: asking for whole plans costs many times as much.
        return
    for plan in in_force(keys):
        part = plan.next_part
        Document.objects.filter(pk=plan.document_id).update(instalment_due_on=part and part.due_on)
