"""Taking a merge back: exactly what moved goes back, with what was said of it since."""

from collections.abc import Sequence

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import F, Q, Sum

from portico.domain.access.sign_in.actions.end_outdated_access import end_outdated_access
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.customers.models import Contact, Customer
from portico.domain.documents.models import Document
from portico.domain.ledger.models import Account, Allocation, Entry, Item
from portico.domain.merges.actions.lock import lock_both
from portico.domain.merges.errors import CannotUndoMerge
from portico.domain.merges.journal import chunks, keys_of, put_back
from portico.domain.merges.models import CustomerMerge
from portico.domain.merges.moves import FOLLOWING, FOLLOWING_SUBJECTS, SUBJECTS
from portico.domain.payments.models import AutoPay, MethodState, PaymentAttempt, PaymentMethod
from portico.domain.payments.models.attempt import ACTIVE_STATES, AttemptShare
from portico.lib.clock import now


def undo_merge(merge: CustomerMerge, *, by: Actor) -> CustomerMerge:
    """Make two customers again of what was one for at most a day. Doing it again changes nothing.

    Raises CannotUndoMerge when the day is over, when money has moved since on something that would go back, or when a
    payment under way may still move it.
    """
    try:
        return _undo(merge, by)
    except IntegrityError as error:
        message = "Something that would go back was changed since."
        raise CannotUndoMerge(message, code="merge_changed_since") from error


@transaction.atomic
def _undo(merge: CustomerMerge, by: Actor) -> CustomerMerge:
    lock_both(merge.loser_id, merge.winner_id)
    merge = CustomerMerge.objects.select_for_update(of=("self",)).select_related("winner", "loser").get(pk=merge.pk)
    if merge.undone_at is not None:
        return merge
    _refuse(merge)
    if merge.added is not None:
        Contact.objects.filter(pk=merge.added).delete()
    Customer.objects.filter(pk=merge.loser_id).update(merged_into=None, revision=F("revision") + 1)
    _put_back(merge)
    _let_follow(merge.loser_id, merge.winner_id)
    for account in Account.objects.filter(customer__in=[merge.loser_id, merge.winner_id]):
        total = Entry.objects.filter(account=account).aggregate(total=Sum("amount"))["total"] or 0
        Account.objects.filter(pk=account.pk).update(balance=total)
    for customer in Customer.objects.filter(pk__in=[merge.loser_id, merge.winner_id]):
        end_outdated_access(customer)
    merge.undone_at = now()
    merge.save(update_fields=["undone_at"])
    data = {"name": merge.loser.name, "merge": merge.public_id}
    merge.loser.merged_into = None
    record(Event.CUSTOMER_MERGE_UNDONE, merge.winner, by=by, data=data)
    record(Event.CUSTOMER_MERGE_UNDONE, merge.loser, by=by, data=data | {"name": merge.loser.name})
    return merge


def _put_back(merge: CustomerMerge) -> None:
    """Put rows back. A default that a customer chose since, or an AutoPay that it left since, stays so."""
    if not AutoPay.objects.filter(customer=merge.winner_id, enrolled_at__isnull=False).exists():
        AutoPay.objects.filter(customer=merge.loser_id).update(enrolled_at=None)
    defaults = [entry for entry in merge.journal if entry["column"] == "is_default" and entry["old"]]
    put_back([entry for entry in merge.journal if entry not in defaults])
    for key in keys_of(defaults, "payments.PaymentMethod", "is_default"):
        active = PaymentMethod.objects.filter(state=MethodState.ACTIVE)
        method = active.filter(pk=key).first()
        if method is not None and not active.filter(customer=method.customer_id, is_default=True).exists():
            active.filter(pk=key).update(is_default=True)


def _refuse(merge: CustomerMerge) -> None:
    if not merge.can_be_undone:
        raise CannotUndoMerge("A merge can be undone for a day.", code="merge_over")
    if merge.winner.merged_into_id is not None:
        raise CannotUndoMerge("The customer was merged again since. Undo that first.", code="merged_already")
    items = [str(key) for key in keys_of(merge.journal, "ledger.Item", "account_id")]
    documents = [str(key) for key in keys_of(merge.journal, "documents.Document", "customer_id")]
    number = _touched(merge, items) or _issued(documents, items) or _tried(merge, documents)
    if number:
        raise CannotUndoMerge(f"Money has moved on {number} since.", code="merge_changed_since")
    if _awaited(merge, items):
        raise CannotUndoMerge("A payment that uses credit that moved is under way.", code="payment_in_progress")


def _touched(merge: CustomerMerge, items: Sequence[str]) -> str:
    """Return the number of something that moved and on which the ledger has written since, or nothing."""
    entries, applied = (
        {str(key) for key in keys_of(merge.journal, f"ledger.{name}", "account_id")} for name in ("Entry", "Allocation")
    )
    for some in chunks(items):
        for key, number in Entry.objects.filter(item__in=some).values_list("pk", "item__number"):
            if str(key) not in entries:
                return str(number)
        rows = Allocation.objects.filter(Q(credit__in=some) | Q(debit__in=some))
        for key, credit, debit in rows.values_list("pk", "credit__number", "debit__number"):
            if str(key) not in applied:
                return str(debit or credit)
    return ""


def _issued(documents: Sequence[str], items: Sequence[str]) -> str:
    """Return the number of a draft that moved and was issued since, or nothing."""
    there = set(items)
    for some in chunks([key for key in documents if key not in there]):
        found = Item.objects.filter(pk__in=some).values_list("number", flat=True).first()
        if found is not None:
            return str(found)
    return ""


def _tried(merge: CustomerMerge, documents: Sequence[str]) -> str:
    """Return the number of a document that moved and that a payment was tried for since, or nothing."""
    since = PaymentAttempt.objects.filter(customer=merge.winner_id, created_at__gte=merge.made_at)
    asked = {str(key) for key in AttemptShare.objects.filter(attempt__in=since).values_list("document_id", flat=True)}
    found = next((key for key in documents if key in asked), None)
    return str(Document.objects.get(pk=found).number) if found else ""


def _awaited(merge: CustomerMerge, items: Sequence[str]) -> bool:
    """Whether a payment of the winner's is under way that takes from a credit that moved once it succeeds."""
    shares = AttemptShare.objects.filter(
        attempt__customer=merge.winner_id, attempt__state__in=ACTIVE_STATES, credit__isnull=False
    )
    used = {str(key) for key in shares.values_list("credit_id", flat=True)}
    return not used.isdisjoint(items)


def _let_follow(loser: object, winner: object) -> None:
    """Give back what was written since about something that has gone back."""
    for label, way in FOLLOWING:
        rows = apps.get_model(label)._base_manager.filter(customer_id=winner, **{f"{way}_id": loser})
        keys = list(rows.values_list("pk", flat=True))
        for some in chunks(keys):
            apps.get_model(label)._base_manager.filter(pk__in=some).update(customer_id=loser)
    for label, column in FOLLOWING_SUBJECTS:
        for subject in SUBJECTS:
            theirs = apps.get_model(subject)._base_manager.filter(customer_id=loser).values("pk")
            rows = apps.get_model(label)._base_manager.filter(customer_id=winner, **{f"{column}__in": theirs})
            rows.update(customer_id=loser)
