"""Making one customer of two. docs/decisions/0023 says why rows of the ledger move."""

from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.db.models import F

from portico.domain.access.models import EmailVerification, Grant, PortalSession, Purpose
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.conversations.models import Comment, Conversation, State
from portico.domain.customers.models import Contact, Customer, MailOptOut
from portico.domain.files.models import File
from portico.domain.ledger.models import Account, Allocation, Entry, Item
from portico.domain.merges.actions.lock import lock_both
from portico.domain.merges.journal import Journal
from portico.domain.merges.models import MAX_REASON, CustomerMerge
from portico.domain.merges.moves import MOVED
from portico.domain.merges.queries import method_after, refuse_merge
from portico.domain.payments.models import AutoPay, PaymentMethod
from portico.domain.search.actions.index import change_words


@transaction.atomic
def merge_customers(loser: Customer, winner: Customer, *, by: Actor, reason: str = "") -> CustomerMerge:
    """Move all that a customer has to another one of the business, and let its links and ids lead there.

    `reason` is kept in the audit log. Raises CannotMerge for two that can't become one. `undo_merge` puts everything
    back within a day.
    """
    currencies = [account.currency for account in lock_both(loser.pk, winner.pk, business_id=winner.business_id)]
    loser, winner = (Customer.objects.select_related("business").get(pk=row.pk) for row in (loser, winner))
    refuse_merge(loser, winner, locked=currencies)
    journal = Journal()
    _move_ledger(journal, loser, winner)
    for label in MOVED:
        journal.set(apps.get_model(label)._base_manager.filter(customer=loser), "customer_id", winner.pk)
    journal.set(File.objects.filter(subject_id=loser.pk), "subject_id", winner.pk)
    _move_methods(journal, loser, winner)
    _move_conversations(journal, loser, winner)
    added = _move_contacts(journal, loser, winner)
    _move_opt_outs(journal, loser, winner)
    _move_access(journal, loser, winner)
    journal.set(Customer.objects.filter(merged_into=loser), "merged_into_id", winner.pk)
    Customer.objects.filter(pk=loser.pk).update(merged_into=winner, revision=F("revision") + 1)
    merge = CustomerMerge.objects.create(
        business=winner.business,
        winner=winner,
        loser=loser,
        journal=journal.entries,
        added=added,
        made_by=by.label[:200],
    )
    # Nothing more can be recorded about the loser, so its words go without an event.
    loser.merged_into = winner
    change_words(loser.found_as())
    data = {"name": loser.name, "merge": merge.public_id, "reason": reason.strip()[:MAX_REASON]}
    record(Event.CUSTOMER_MERGED, winner, by=by, data={name: value for name, value in data.items() if value})
    return merge


def _move_ledger(journal: Journal, loser: Customer, winner: Customer) -> None:
    """Put what stands on the loser's accounts on the winner's, with the balances that are the sums of it."""
    for account in Account.objects.filter(customer=loser).order_by("currency"):
        target = Account.objects.get(customer=winner, currency=account.currency)
        for model in (Item, Entry, Allocation):
            journal.set(model.objects.filter(account=account), "account_id", target.pk)
        Account.objects.filter(pk=target.pk).update(balance=target.balance + account.balance)
        Account.objects.filter(pk=account.pk).update(balance=0)


def _move_methods(journal: Journal, loser: Customer, winner: Customer) -> None:
    """Move what can be charged. AutoPay goes on with the method that its customer has agreed to."""
    stays = method_after(loser, winner)
    for customer in (loser, winner):
        defaults = PaymentMethod.objects.filter(customer=customer, is_default=True)
        journal.set(defaults, "is_default", False)
    journal.set(PaymentMethod.objects.filter(customer=loser), "customer_id", winner.pk)
    if stays is not None:
        journal.set(PaymentMethod.objects.filter(pk=stays.pk), "is_default", True)
    own, other = (AutoPay.objects.filter(customer=row).first() for row in (winner, loser))
    if other is None or other.enrolled_at is None:
        return
    if own is None:
        journal.set(AutoPay.objects.filter(pk=other.pk), "customer_id", winner.pk)
    elif own.enrolled_at is None:
        journal.set(AutoPay.objects.filter(pk=own.pk), "enrolled_at", other.enrolled_at)


def _move_conversations(journal: Journal, loser: Customer, winner: Customer) -> None:
    """Move the conversations; of two in general the winner's stays, and gets what the loser's says."""
    general = {row.customer_id: row for row in Conversation.objects.filter(customer__in=[loser, winner], document=None)}
    rows = Conversation.objects.filter(customer=loser)
    if len(general) == 2:
        mine, theirs = general[winner.pk], general[loser.pk]
        journal.set(Comment.objects.filter(conversation=theirs), "conversation_id", mine.pk)
        here = Conversation.objects.filter(pk=mine.pk)
        if theirs.state == State.OPEN:
            journal.set(here, "state", State.OPEN.value)
        for side in ("unread_by_staff", "unread_by_customer"):
            if getattr(theirs, side):
                journal.set(here, side, True)
        rows = rows.exclude(pk=theirs.pk)
    journal.set(rows, "customer_id", winner.pk)


def _move_contacts(journal: Journal, loser: Customer, winner: Customer) -> UUID | None:
    """Move the people, but for those whom the winner has, too: their links and sessions become theirs.

    Returns the key of a contact that was made so that the loser's own address still lets its reader in, or None.
    """
    known = {(row.name, row.email.lower()): row for row in winner.contacts.all()}
    position = max((row.position for row in known.values()), default=-1)
    for row in loser.contacts.all():
        same = known.get((row.name, row.email.lower()))
        if same is None:
            position += 1
            here = Contact.objects.filter(pk=row.pk)
            journal.set(here, "position", position)
            journal.set(here, "customer_id", winner.pk)
            continue
        for model in (Grant, PortalSession, Comment):
            journal.set(model._base_manager.filter(contact=row), "contact_id", same.pk)
    addresses = {winner.email.lower(), *(row.email.lower() for row in winner.contacts.all())}
    if not loser.email or loser.email.lower() in addresses:
        return None
    fields = {"name": loser.name[:200], "email": loser.email, "phone": loser.phone}
    made: UUID = Contact.objects.create(customer=winner, position=position + 1, **fields).pk
    return made


def _move_opt_outs(journal: Journal, loser: Customer, winner: Customer) -> None:
    """Move which mails are switched off, but for what is off at the winner as well."""
    known = set(MailOptOut.objects.filter(customer=winner).values_list("email", "topic"))
    rows = MailOptOut.objects.filter(customer=loser)
    new = [row.pk for row in rows if (row.email, row.topic) not in known]
    journal.set(rows.filter(pk__in=new), "customer_id", winner.pk)


def _move_access(journal: Journal, loser: Customer, winner: Customer) -> None:
    """Let links and sessions lead to the winner. A second portal link beside the winner's own only leads over."""
    links = Grant.objects.filter(customer=winner, purpose=Purpose.PORTAL_LINK, revoked_at=None)
    theirs = Grant.objects.filter(customer=loser)
    if links.exists():
        second = theirs.filter(purpose=Purpose.PORTAL_LINK, revoked_at=None)
        journal.set(second, "leads_over", True)
    journal.set(theirs, "customer_id", winner.pk)
    journal.set(PortalSession.objects.filter(customer=loser), "customer_id", winner.pk)
    codes = EmailVerification.objects.filter(customer=loser, kind=EmailVerification.Kind.STEP_UP)
    journal.set(codes, "customer_id", winner.pk)
