from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import APPLICABLE
from portico.domain.documents.actions.settle import settle
from portico.domain.documents.errors import WrongState
from portico.domain.documents.events import TAKEN_OFF
from portico.domain.documents.models import Document
from portico.domain.ledger.actions import allocate
from portico.domain.ledger.actions.lock import lock_account
from portico.domain.ledger.models import Item


@transaction.atomic
def take_off(credit: Item, invoice: Document, *, by: Actor, amount: int | None = None) -> int:
    """Take a credit off an invoice again from today on: all that stands there, or `amount` (minor units).

    The invoice is owed again, and the credit is the customer's to use. Returns how much that was. Raises NotEnough
    (`not_applied`) when less stands there, WrongState for what is no credit of the customer's, such as a write-off.
    """
    customer = Customer.objects.select_related("business").get(pk=credit.account.customer_id)
    account = lock_account(credit.business_id, customer.pk, credit.account.currency)
    credit, debit = Item.objects.get(pk=credit.pk), Item.objects.filter(pk=invoice.pk, account=account).first()
    if debit is None or credit.kind not in APPLICABLE:
        raise WrongState("That can't be taken off an invoice.")
    part = allocate.take_off(credit, debit, customer.business.today(), amount)
    settle({credit.pk, debit.pk})
    record(
        TAKEN_OFF.get(credit.kind, Event.CREDIT_NOTE_TAKEN_OFF),
        credit,
        by=by,
        customer_id=customer.pk,
        data={"number": credit.number, "currency": account.currency, "amount": part, "invoice": invoice.number},
    )
    return part
