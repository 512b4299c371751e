"""Deposits of estimates: which payments they are, and what is still to be paid. Amounts are minor units."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from portico.domain.documents.models import Document, Lifecycle
from portico.domain.payments.models import AttemptPurpose, Payment, State


def deposits(estimate: Document) -> list[Payment]:
    """Return the payments that were made as the deposit of an estimate, the oldest first, with their ledger items."""
    return list(_deposits([estimate.pk]).select_related("item").order_by("id"))


def deposits_paid(estimates: Iterable[Document]) -> dict[UUID, int]:
    """Return what was paid as the deposit of each of these estimates and not given back, by estimate."""
    paid: defaultdict[UUID, int] = defaultdict(int)
    rows = _deposits([row.pk for row in estimates if row.deposit])
    for key, amount, refunded in rows.values_list("attempt__shares__document", "amount", "refunded"):
        paid[key] += amount - refunded
    return paid


def deposit_due(estimate: Document) -> int:
    """Return what an approved estimate still asks for in advance; 0 for nothing."""
    if estimate.lifecycle != Lifecycle.APPROVED or not estimate.deposit:
        return 0
    return max(0, estimate.deposit - deposits_paid([estimate]).get(estimate.pk, 0))


def _deposits(keys: list[UUID]) -> QuerySet[Payment]:
    return Payment.objects.filter(
        attempt__purpose=AttemptPurpose.DEPOSIT, attempt__shares__document__in=keys, state=State.SUCCEEDED
    )
