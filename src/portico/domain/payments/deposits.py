"""Deposits of estimates: which payments they are, and what is still to be paid. Amounts are minor units."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from portico.domain.documents.models import Document, Lifecycle
from portico.domain.payments.models import Payment, State


def deposits(estimate: Document) -> list[Payment]:
    """Return the payments that were made as the deposit of an estimate, the oldest first, with their ledger items."""
    return list(_deposits([estimate.pk]).select_related("item").order_by("id"))


def deposits_paid(estimates: Iterable[Document]) -> dict[UUID, int]:
    """Return what was paid as the deposit of each of these estimates and not given back, by estimate."""
    paid: defaultdict[UUID, int] = defaultdict(int)
    for payment in _deposits([row.pk for row in estimates if row.deposit]):
        assert payment.deposit_of_id is not None, "they were found by it"
        paid[payment.deposit_of_id] += payment.kept
    return paid


def deposit_due(estimate: Document) -> int:
    """Return what an approved estimate still asks for in advance; 0 for nothing."""
    if estimate.lifecycle != Lifecycle.APPROVED or not estimate.deposit:
        return 0
    return max(0, estimate.deposit - deposits_paid([estimate]).get(estimate.pk, 0))


def _deposits(keys: list[UUID]) -> QuerySet[Payment]:
    return Payment.objects.filter(deposit_of__in=keys, state=State.SUCCEEDED)
