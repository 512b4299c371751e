from portico.domain.activity.actor import SYSTEM
from portico.domain.documents.actions.apply import APPLICABLE, Share, apply_shares, record_applied
from portico.domain.documents.models import Document, Lifecycle
from portico.domain.ledger.models import Account, Item
from portico.domain.ledger.queries import least_open


def apply_open_credits(account: Account, invoice: Document) -> None:
    """Apply what the customer has, the oldest first, to an invoice that was just put on a locked account.

    Only where the business wants it, and never a deposit whose estimate is still to become an invoice. It counts from
    today, or from the day the invoice is issued on if that is later.
    """
    business = invoice.business
    if not business.apply_credits_to_new_invoices or not invoice.is_owed:
        return
    day = max(business.today(), invoice.issued_on)
    left = invoice.open_amount
    credits = Item.objects.filter(account=account, open__lt=0, kind__in=APPLICABLE, issued_on__lte=day)
    # One that was changed after its deposit was paid waits to be approved anew.
    credits = credits.exclude(payment__deposit_of__lifecycle__in=[Lifecycle.ISSUED, Lifecycle.APPROVED])
    # Said as the partial index says it, or SQLite would not use it.
    for credit in credits.exclude(open=0).order_by("issued_on", "id"):
        amount = min(left, least_open(credit, day, sign=-1))
        if amount > 0:
            shares = [Share(invoice, amount)]
            apply_shares(account, credit, shares, on=day)
            record_applied(credit, invoice.customer, account.currency, shares, by=SYSTEM)
            left -= amount
    invoice.refresh_from_db(fields=["open_amount"])
