"""The timeline of the demonstration: every action on its day, in order, with the clock set to it."""

import heapq
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

from portico.domain.access.portal_urls import portal_base
from portico.domain.activity.actor import Actor
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.apply import Share
from portico.domain.documents.actions.create import DocumentInput, create_document
from portico.domain.documents.actions.view import mark_viewed
from portico.domain.documents.models import Document
from portico.domain.payments.actions.ask_provider import ask_provider, read_outcome
from portico.domain.payments.actions.record_payment import PaymentInput, record_payment
from portico.domain.payments.actions.start_attempt import AttemptInput, ShareInput, start_attempt
from portico.domain.payments.models import Method, Payment
from portico.domain.payments.queries import gateway_account
from portico.gateways.sandbox.connection import bank
from portico.lib.clock import at, now

# Views of documents are recorded for the last days, this many.
_READ_SINCE = 150

# How long a bank debit takes.
_DEBIT = timedelta(days=3)

type Action = Callable[[], object]


class Timeline:
    """One business and its past up to `today`. What is put on a later day has not happened and is not done."""

    def __init__(self, business: Business, office: Actor, seed: str) -> None:
        self.business = business
        self.today = business.today()
        self.office = office
        self.random = Random(seed)  # noqa: S311 - data that is the same every time, no secret
        self._zone = ZoneInfo(business.time_zone)
        self._order = count()
        self._actions: list[tuple[date, int, Action]] = []

    def ago(self, days: int) -> date:
        """The day so many days before today."""
        return self.today - timedelta(days=days)

    def on(self, day: date, action: Action) -> None:
        """Have something done on a day; actions of one day are done in the order they were put there."""
        heapq.heappush(self._actions, (day, next(self._order), action))

    def run(self) -> None:
        """Do what was put on the days up to today; an action may put further ones on its own day or later."""
        end, minute, last = now(), 0, date.min
        while self._actions:
            day, _, action = heapq.heappop(self._actions)
            if day > self.today:
                break
            minute = minute + 7 if day == last else 0
            last = day
            moment = datetime.combine(day, time(8, 10), self._zone) + timedelta(minutes=minute)
            with at(min(moment.astimezone(UTC), end)):
                action()

    def write(
        self, customer: Customer, data: DocumentInput, *, then: Callable[[Document], object] | None = None
    ) -> None:
        """Have the business write a document on its issue day, and `then` go on with it."""

        def action() -> None:
            document = create_document(self.business, customer, data, by=self.office)
            if then is not None:
                then(document)

        self.on(data.issued_on, action)

    def look(self, document: Document, day: date) -> None:
        """Have the customer open a document on a day. Older views are not recorded."""
        if document.issued_on < self.ago(_READ_SINCE):
            return
        reader = Actor("customer", document.customer.public_id, document.customer.name, "203.0.113.7")
        self.on(day, lambda: mark_viewed(document, by=reader))

    def pay_online(
        self, document: Document, day: date, typed: Mapping[str, str], *, settles_on: date | None = None
    ) -> None:
        """Have the customer pay an invoice at the sandbox on a day; a debit settles days later, or on `settles_on`."""
        payer = Actor("customer", document.customer.public_id, document.customer.name, "203.0.113.7")
        method = Method.CARD if "card_number" in typed else Method.DIRECT_DEBIT

        def action() -> None:
            # The page that asked is not there: the name of its form only has to be one of its own.
            form = f"demo:{document.public_id}:{day}:{typed.get('card_number', '')}"
            share = ShareInput(document, Document.objects.get(pk=document.pk).open_amount)
            wanted = AttemptInput(form, document.currency, method, [share])
            attempt = start_attempt(document.customer, gateway_account(self.business, "sandbox"), wanted, by=payer)
            attempt = ask_provider(attempt, by=payer, return_url=portal_base(self.business), details=typed)
            if method == Method.DIRECT_DEBIT:
                settles = settles_on or day + _DEBIT
                bank().settle_at(attempt.provider_id, datetime.combine(settles, time(8), self._zone).astimezone(UTC))
                self.on(settles, lambda: (bank().settle_due(), read_outcome(attempt)))

        self.on(day, action)

    def receive(
        self,
        customer: Customer,
        day: date,
        shares: Sequence[tuple[Document, int]],
        *,
        extra: int = 0,
        currency: str = "",
        method: Method = Method.BANK_TRANSFER,
        reference: str = "",
        then: Callable[[Payment], object] | None = None,
    ) -> None:
        """Have a payment come in on a day: the shares, and `extra` that stays the customer's credit (minor units)."""

        def action() -> None:
            live_shares = [Share(document, amount) for document, amount in shares]
            amount = sum(share.amount for share in live_shares) + extra
            code = currency or shares[0][0].currency
            data = PaymentInput(amount, code, day, method, live_shares, reference or _reference(shares))
            payment = record_payment(customer, data, by=self.office)
            if then is not None:
                then(payment)

        self.on(day, action)


def _reference(shares: Sequence[tuple[Document, int]]) -> str:
    numbers = [document.number for document, _ in shares]
    return " ".join(numbers) if len(numbers) <= 3 else f"{numbers[0]} – {numbers[-1]}"
