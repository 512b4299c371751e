from uuid import UUID

from django.db import transaction
from django.db.models import Model

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.customers.models import Customer
from portico.domain.documents.check import differences as document_differences
from portico.domain.documents.check import plan_differences
from portico.domain.documents.models import Document
from portico.domain.ledger.actions.lock import lock_accounts
from portico.domain.ledger.check import Difference
from portico.domain.ledger.check import differences as ledger_differences
from portico.domain.ledger.models import Account, Item
from portico.domain.payments.check import differences
from portico.domain.payments.models import Payment


@transaction.atomic
def repair_balances(business_id: UUID | None = None, *, by: Actor) -> list[tuple[Difference, bool]]:
    """Store balances and open amounts as their entries and allocations add up, and record it for each customer.

    Returns every difference with whether it is repaired: a fact that contradicts another one is left as it is.
    """
    lock_accounts(business_id)
    outcomes = []
    # One part after the other: documents, plans and payments are compared with what was just repaired.
    for differing in (ledger_differences, document_differences, plan_differences, differences):
        outcomes += [(difference, difference.repair()) for difference in list(differing(business_id))]
    counts: dict[UUID, int] = {}
    for difference, repaired in outcomes:
        if repaired and difference.row is not None:
            owner = _customer_of(difference.row)
            counts[owner] = counts.get(owner, 0) + 1
    # Recorded, so that pages and PDFs of the wrong amounts, which readers and caches keep, are made anew.
    for customer in Customer.objects.filter(pk__in=counts).order_by("pk"):
        record(Event.BALANCES_REPAIRED, customer, by=by, data={"differences": counts[customer.pk]})
    return outcomes


def _customer_of(row: Model) -> UUID:
    account = row.account if isinstance(row, Item) else row
    assert isinstance(account, Account | Document | Payment), "only these hold stored amounts"
    owner: UUID = account.customer_id
    return owner
