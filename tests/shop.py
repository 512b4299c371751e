"""A business that takes payments through the sandbox, for tests: invoices and attempts in one line each."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from portico.domain.activity.actor import OPERATOR
from portico.domain.businesses.actions.change_settings import change_payment_settings
from portico.domain.businesses.actions.create import BusinessInput, create_business
from portico.domain.customers.actions.upsert import CustomerInput, upsert_customer
from portico.domain.customers.models import Customer
from portico.domain.documents.actions.create import DocumentInput, create_document
from portico.domain.documents.models import Document, Kind
from portico.domain.documents.totals import LineInput
from portico.domain.payments.actions.ask_provider import ask_provider
from portico.domain.payments.actions.autopay import enrol
from portico.domain.payments.actions.gateway_accounts import add_gateway
from portico.domain.payments.actions.save_method import finish_setup, save_method
from portico.domain.payments.actions.start_attempt import AttemptInput, ShareInput, start_attempt
from portico.domain.payments.gateway import OutcomeState
from portico.domain.payments.models import Method, PaymentAttempt, PaymentMethod
from portico.gateways.sandbox.connection import Connection, bank

CARD = {"cardholder": "Ada", "card_number": "4242 4242 4242 4242", "card_expiry": "12/30", "card_cvc": "123"}
BACK = "https://portal.example/pay/done"


class OutsideTransactions:
    """The way to the sandbox's bank, closed inside a transaction: its answer may take long, and locks would wait."""

    def __init__(self, way: Connection) -> None:
        self._way = way

    def __getattr__(self, call: str) -> object:
        # The innermost one may be the test's own.
        blocks: list[Any] = connection.atomic_blocks
        assert not blocks or blocks[-1]._from_testcase, f"the provider is asked to {call} inside a transaction"
        return getattr(self._way, call)


class Shop:
    """A business with a sandbox account and a customer."""

    def __init__(self, slug: str = "nordlicht") -> None:
        data = BusinessInput(slug.title(), slug, "EUR", "DE", "Europe/Berlin")
        self.business = create_business(data, by=OPERATOR)
        self.customer, _ = upsert_customer(self.business, CustomerInput(external_id="1", name="Acme"), by=OPERATOR)
        self.gateway = add_gateway(self.business, "sandbox", by=OPERATOR)

    def invoice(self, amount: int = 100, currency: str = "EUR", issued_on: date | None = None) -> Document:
        """An issued invoice over so many euros, or units of another currency."""
        data = DocumentInput(
            kind=Kind.INVOICE,
            currency=currency,
            issued_on=issued_on or self.business.today(),
            lines=[LineInput("Work", Decimal(1), Decimal(amount))],
        )
        return create_document(self.business, self.customer, data, by=OPERATOR)

    @staticmethod
    def share(invoice: Document, amount: int) -> ShareInput:
        """A part of an invoice, in minor units."""
        return ShareInput(invoice, amount)

    def start(
        self,
        *invoices: Document,
        submission: str = "form-1",
        shares: Sequence[ShareInput] = (),
        method: Method = Method.CARD,
        advance: int = 0,
        fee: int = 0,
        saved: PaymentMethod | None = None,
        saves: bool = False,
    ) -> PaymentAttempt:
        """An attempt to pay what is open on each invoice, or the shares given; the provider is not asked yet."""
        data = AttemptInput(
            submission=submission,
            currency=invoices[0].currency if invoices else "EUR",
            method=method,
            shares=shares or [ShareInput(invoice, invoice.open_amount) for invoice in invoices],
            advance=advance,
            fee=fee,
            saved_method=saved,
            saves_method=saves,
        )
        return start_attempt(self.customer, self.gateway, data, by=OPERATOR)

    def card(self, number: str = CARD["card_number"]) -> PaymentMethod:
        """A card the customer saves without paying; the first one is the default."""
        details = CARD | {"card_number": number}
        key = f"setup {PaymentMethod.objects.count()}"
        setup = save_method(self.customer, self.gateway, Method.CARD, details, key=key, return_url=BACK, by=OPERATOR)
        if setup.outcome.state == OutcomeState.REQUIRES_ACTION:
            bank().move(setup.outcome.provider_id, "succeeded")
            setup = finish_setup(self.customer, self.gateway, key=key, by=OPERATOR)
        assert setup.method is not None, setup.outcome
        return setup.method

    def enrol(self, number: str = CARD["card_number"], delay_days: int = 0) -> PaymentMethod:
        """A card that AutoPay charges; the business offers it from now on."""
        wanted = {"allow_autopay": True, "autopay_delay_days": delay_days}
        self.business = change_payment_settings(self.business, wanted, by=OPERATOR)
        self.customer = Customer.objects.select_related("business").get(pk=self.customer.pk)
        method = self.card(number)
        enrol(self.customer, by=OPERATOR)
        return method

    def pay(self, attempt: PaymentAttempt, number: str = CARD["card_number"]) -> PaymentAttempt:
        """Pay an attempt with a test card, or with the saved one."""
        details = {} if attempt.saved_method else CARD | {"card_number": number}
        return ask_provider(attempt, by=OPERATOR, return_url=BACK, details=details)

    def debit(self, attempt: PaymentAttempt, iban: str = "DE89 3704 0044 0532 0130 00") -> PaymentAttempt:
        """Pay an attempt by a test bank debit."""
        return ask_provider(attempt, by=OPERATOR, return_url=BACK, details={"account_holder": "Ada", "iban": iban})
