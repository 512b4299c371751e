from collections.abc import Iterable
from uuid import UUID

from portico.domain.documents.kinds import SPECS, kinds_of_sign
from portico.domain.documents.models import Document
from portico.domain.ledger.models import Item


def settle(keys: Iterable[UUID]) -> None:
    """Copy what the ledger says is open onto the documents among `keys`; other keys are passed over."""
    rows = Item.objects.filter(pk__in=list(keys), kind__in=kinds_of_sign(1, -1))
    for key, kind, left in rows.order_by("id").values_list("id", "kind", "open"):
        Document.objects.filter(pk=key).update(open_amount=SPECS[kind].sign * left)
