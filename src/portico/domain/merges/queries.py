"""Which customers can become one, what would move, and which merges there are."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db.models import QuerySet

from portico.domain.access.models import Grant
from portico.domain.access.viewer import Viewer
from portico.domain.customers.actions.edit_contact import MOST_CONTACTS
from portico.domain.customers.errors import ChangedMeanwhile
from portico.domain.customers.models import Customer
from portico.domain.ledger.models import Account, Item
from portico.domain.merges.errors import CannotMerge
from portico.domain.merges.models import CustomerMerge
from portico.domain.payments.autopay import autopay_of, default_method
from portico.domain.payments.models import PaymentAttempt, PaymentMethod
from portico.domain.payments.models.attempt import ACTIVE_STATES
from portico.lib.errors import NotFound
from portico.lib.ids import parse_public_id
from portico.lib.money import MAX_BALANCE


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merge would move: how many rows by kind, and balances by currency. `refusal` says why it can't be."""

    counts: dict[str, int]
    balances: dict[str, int]
    method: PaymentMethod | None
    collects: bool
    autopay_moves: bool
    second_portal_link: bool
    refusal: CannotMerge | None


_COUNTED = {
    "documents": "documents.Document",
    "payments": "payments.Payment",
    "adjustments": "payments.CreditAdjustment",
    "plans": "documents.PaymentPlan",
    "promises": "payments.PaymentPromise",
    "comments": "conversations.Comment",
    "files": "files.File",
    "contacts": "customers.Contact",
    "methods": "payments.PaymentMethod",
    "links": "access.Grant",
}


def preview_merge(loser: Customer, winner: Customer) -> Preview:
    """Return what would move; the caller has fetched both as the viewer."""
    counts = {
        name: apps.get_model(label)._base_manager.filter(customer=loser).count() for name, label in _COUNTED.items()
    }
    counts["entries"] = Item.objects.filter(account__customer=loser).count()
    balances = dict(Account.objects.filter(customer=loser).exclude(balance=0).values_list("currency", "balance"))
    refusal = None
    try:
        refuse_merge(loser, winner)
    except CannotMerge as error:
        refusal = error
    has, other = (_collects(row) for row in (winner, loser))
    links = Grant.objects.filter(purpose="portal_link", revoked_at=None)
    both = all(links.filter(customer=row).exists() for row in (loser, winner))
    return Preview(counts, balances, method_after(loser, winner), has or other, other and not has, both, refusal)


def method_after(loser: Customer, winner: Customer) -> PaymentMethod | None:
    """Return what the merged customer is charged by: the winner's, unless AutoPay of the loser's alone goes on.

    A method that its customer has not given for AutoPay is never what AutoPay begins to charge.
    """
    has, other = (_collects(row) for row in (winner, loser))
    own, theirs = default_method(winner), default_method(loser)
    if other and not has:
        return theirs
    return own or (None if autopay_of(winner) else theirs)


def refuse_merge(loser: Customer, winner: Customer, locked: Sequence[str] | None = None) -> None:
    """Raise CannotMerge for two that can't become one; `locked` names the accounts that the caller has locked."""
    if loser.pk == winner.pk or loser.business_id != winner.business_id:
        raise CannotMerge("Choose another customer.", code="merge_with_itself")
    if loser.merged_into_id or winner.merged_into_id:
        raise CannotMerge("One of the two is part of another customer already.", code="merged_already")
    if winner.archived_at is not None:
        raise CannotMerge(f"{winner.name} is archived. Take it back first.", code="winner_archived")
    if PaymentAttempt.objects.filter(customer=loser, state__in=ACTIVE_STATES).exists():
        raise CannotMerge(f"A payment of {loser.name} is under way.", code="payment_in_progress")
    if loser.contacts.count() + winner.contacts.count() >= MOST_CONTACTS:
        raise CannotMerge(f"A customer has at most {MOST_CONTACTS} contacts.", code="too_many_contacts")
    accounts = list(Account.objects.filter(customer__in=[loser, winner]))
    if locked is not None and len(accounts) != len(locked):
        raise ChangedMeanwhile("Something was written to one of the two in the meantime.")
    for currency in {account.currency for account in accounts}:
        if abs(sum(account.balance for account in accounts if account.currency == currency)) > MAX_BALANCE:
            raise CannotMerge("The customer's balance would become too large.", code="balance_too_large")


def merges(viewer: Viewer) -> QuerySet[CustomerMerge]:
    """The merges of the viewer's business, newest first."""
    rows = CustomerMerge.objects.filter(business=viewer.business).select_related("winner", "loser")
    return rows.order_by("-made_at", "-pk")


def merge(viewer: Viewer, name: str) -> CustomerMerge:
    """Return the merge with this public id. Raises NotFound."""
    key = parse_public_id(name, "merge")
    found = merges(viewer).filter(pk=key).first() if key else None
    if found is None:
        raise NotFound(f"There is no merge {name}.")
    return found


def _collects(customer: Customer) -> bool:
    return autopay_of(customer) is not None and default_method(customer) is not None
