from datetime import date

from django.db import transaction

from portico.domain.activity.actor import Actor
from portico.domain.documents.actions.apply import Share, apply_shares
from portico.domain.documents.actions.apply_open_credits import apply_open_credits
from portico.domain.documents.actions.decide import mark_invoiced
from portico.domain.documents.actions.invoice_estimate import write_invoice
from portico.domain.documents.actions.lock import lock_documents
from portico.domain.documents.errors import WrongState
from portico.domain.documents.models import Document, Lifecycle
from portico.domain.ledger.actions.lock import lock_account
from portico.domain.ledger.models import Account
from portico.domain.ledger.queries import least_open
from portico.domain.payments.deposits import deposits


@transaction.atomic
def convert_estimate(estimate: Document, *, by: Actor, due_on: date | None = None, source: str = "") -> Document:
    """Turn an approved estimate into an invoice, issued today, and apply its deposit to it; returns the invoice.

    Converting again returns the same invoice. Raises WrongState for an estimate that is not approved, Invalid for a due
    date in the past.
    """
    account = lock_account(estimate.business_id, estimate.customer_id, estimate.currency)
    estimate = lock_documents(account, [estimate.pk])[estimate.pk]
    earlier = Document.objects.select_related("business", "customer").filter(estimate=estimate).first()
    if earlier is not None:
        return earlier
    if estimate.lifecycle != Lifecycle.APPROVED:
        raise WrongState(f"{estimate} is {estimate.lifecycle}; only an approved one becomes an invoice.")
    invoice = write_invoice(account, estimate, by=by, due_on=due_on, source=source)
    applied = _apply_deposits(account, estimate, invoice)
    invoice.refresh_from_db(fields=["open_amount"])
    apply_open_credits(account, invoice)
    data = {"invoice": invoice.number, "currency": invoice.currency, "deposit": applied}
    mark_invoiced(estimate, by=by, data=data)
    invoice.refresh_from_db(fields=["open_amount"])
    return invoice


def _apply_deposits(account: Account, estimate: Document, invoice: Document) -> int:
    """Put what is left of the deposits against the invoice; returns how much."""
    left = invoice.payable
    for payment in deposits(estimate):
        day = max(payment.item.issued_on, invoice.issued_on)
        amount = min(left, least_open(payment.item, day, sign=-1))
        if amount > 0:
            apply_shares(account, payment.item, [Share(invoice, amount)])
            left -= amount
    return invoice.payable - left
