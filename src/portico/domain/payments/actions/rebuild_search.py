from collections import deque
from collections.abc import Iterator
from itertools import batched
from typing import cast
from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet

from portico.domain.activity.actions.record import Searched
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.payments.models import Payment
from portico.domain.search.actions.index import forget_others, reindex
from portico.domain.search.models import Group
from portico.lib.clock import now

# Rows whose words are written in one transaction: nobody waits long for it.
_BATCH = 500

_MODELS = {Group.CUSTOMERS: Customer, Group.DOCUMENTS: Document, Group.PAYMENTS: Payment}


def index_new_installations() -> int:
    """Make the search index of businesses that it was never made of as a whole; returns how many those are.

    They may have been there before the index was. One that is interrupted is made again.
    """
    missing = list(Business.objects.filter(search_indexed_at=None).order_by("pk").values_list("pk", flat=True))
    for business in missing:
        deque(rebuild_search(business), maxlen=0)
    return len(missing)


def rebuild_search(business: UUID) -> Iterator[int]:
    """Make every word of a business's search index anew; yields how many words of each batch were wrong.

    A change made meanwhile is not lost: the rows of a batch are read after those who change them are done.
    """
    for group, model in _MODELS.items():
        rows: QuerySet[Model] = model._base_manager.filter(business=business)
        for keys in batched(rows.order_by("pk").values_list("pk", flat=True).iterator(), _BATCH, strict=False):
            yield _reindexed(rows, keys)
        yield forget_others(business, group, rows.values("pk"))
    Business.objects.filter(pk=business).update(search_indexed_at=now())


@transaction.atomic
def _reindexed(rows: QuerySet[Model], keys: tuple[UUID, ...]) -> int:
    found = rows.filter(pk__in=keys).order_by("pk").select_for_update()
    return reindex(cast(Searched, row).found_as() for row in found)
