"""AutoPay at work: it collects what is due, and what has failed again once there is another method."""

import logging

from django.db import transaction

from portico.domain.activity.actor import SYSTEM, Actor
from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.domain.ledger.actions.lock import lock_account
from portico.domain.payments.actions.ask_provider import ask_provider
from portico.domain.payments.actions.start_attempt import AttemptInput, ShareInput, start_attempt
from portico.domain.payments.autopay import Collection, collectable_batches, collections, collector_of
from portico.domain.payments.models import AttemptPurpose, PaymentAttempt
from portico.lib.clock import now
from portico.lib.errors import PorticoError

logger = logging.getLogger(__name__)


def collect_due() -> int:
    """Collect every invoice, or instalment of a plan, whose time has come; returns how many attempts were begun.

    Each is committed before its provider is asked. Run twice, or by two workers at once, it collects once.
    """
    begun = 0
    for enrolled in collectable_batches():
        for collection in collections(enrolled):
            if collection.at is not None and collection.at <= now():
                begun += _collected(collection, by=SYSTEM) is not None
    return begun


def retry_failed(customer: Customer, *, by: Actor) -> list[PaymentAttempt]:
    """Collect at once what has failed before, as there is another method now; returns what became of each."""
    failed = [row for row in collections(collector_of(customer)) if row.failures]
    return [attempt for row in failed if (attempt := _collected(row, by=by, at_once=True))]


def _collected(collection: Collection, *, by: Actor, at_once: bool = False) -> PaymentAttempt | None:
    """Begin and make one collection; None when there is nothing to collect after all, or nobody can be asked."""
    try:
        attempt = _begin(collection.invoice, by=by, at_once=at_once)
        return attempt and ask_provider(attempt, by=by, return_url="")
    except PorticoError as refusal:
        # Also keys that can't be read: the others are collected all the same.
        logger.error("AutoPay of %s: nothing is collected (%s).", collection.invoice.public_id, refusal.code)
        return None


@transaction.atomic
def _begin(invoice: Document, *, by: Actor, at_once: bool) -> PaymentAttempt | None:
    """Note that an invoice is about to be collected, when that is still so under its account's lock."""
    lock_account(invoice.business_id, invoice.customer_id, invoice.currency)
    for row in collections(collector_of(invoice.customer), only=invoice.pk):
        if (at_once and row.failures) or (row.at is not None and row.at <= now()):
            return start_attempt(invoice.customer, row.offer.account, _wanted(row), by=by)
    return None


def _wanted(row: Collection) -> AttemptInput:
    amount = row.amount
    return AttemptInput(
        submission=f"autopay:{row.invoice.public_id}:{row.tries}",
        currency=row.invoice.currency,
        method=row.offer.method,
        shares=[ShareInput(row.invoice, amount)],
        fee=row.offer.fee_on(amount),
        purpose=AttemptPurpose.AUTOPAY,
        saved_method=row.offer.saved,
        off_session=True,
        receipt_email=row.invoice.customer.email,
    )
