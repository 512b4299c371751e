"""What every gateway has to hold to, as tests. `docs/recipes/add-a-gateway.md` says how a gateway is put to them.

    class TestMine(GatewayContract):
        @pytest.fixture
        def provider(self) -> Provider: ...

It is imported by tests alone. What a gateway can't do by its capabilities, and a case its provider has no test number
for, is skipped with that reason.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from enum import StrEnum
from typing import Protocol

import pytest

from portico.domain.payments.gateway import (
    ChargeInput,
    Credentials,
    EventKind,
    Gateway,
    NotFromProvider,
    Outcome,
    OutcomeState,
    ProviderRefused,
    ProviderUnreachable,
    SavedMethodInput,
)
from portico.domain.payments.models import Method
from portico.lib.ids import public_id, uuid7

BACK = "https://portal.example/pay/done"
UNFINISHED = {OutcomeState.FAILED, OutcomeState.CANCELED}


class Case(StrEnum):
    """What a customer pays with, by what then happens."""

    CARD = "card"
    DECLINED = "declined"
    NO_FUNDS = "no_funds"
    CHALLENGE = "challenge"
    SAVED_THEN_FAILS = "saved_then_fails"
    DEBIT = "debit"
    RETURNED_DEBIT = "returned_debit"

    @property
    def method(self) -> str:
        return "direct_debit" if self in (Case.DEBIT, Case.RETURNED_DEBIT) else "card"


class Provider(Protocol):
    """A gateway with an account at its provider, and what a test has to make the provider do."""

    gateway: Gateway
    credentials: Credentials
    wrong_credentials: Credentials | None

    def details(self, case: Case) -> Mapping[str, str] | None:
        """What the form sends when a customer pays so; None when the provider has no such case."""

    def collected(self) -> int:
        """How much was collected on this account so far, in minor units, refunds not taken off."""

    def answer_challenge(self, action_url: str, *, confirm: bool) -> None:
        """Do what the customer does on the bank's page."""

    def settle(self, outcome: Outcome) -> None:
        """Let a bank debit come to its end."""

    def notice(self, outcome: Outcome, key: str, *, age: int = 0, account: str = "") -> tuple[dict[str, str], bytes]:
        """A signed webhook about a charge, so many seconds old, for this or another account at the provider."""

    def away(self) -> AbstractContextManager[None]:
        """The provider does not answer."""


def new_key(kind: str = "payment_attempt") -> str:
    """Return a fresh idempotency key, as Portico makes them."""
    return public_id(kind, uuid7())


class GatewayContract:
    """The promises of `portico.domain.payments.gateway`, each with a test."""

    @pytest.fixture(autouse=True)
    def set_up(self, provider: Provider) -> None:
        self.account, self.gateway, self.credentials = provider, provider.gateway, provider.credentials

    def asked(self, case: Case, *, amount: int = 10000, save: bool = False, off_session: bool = False) -> ChargeInput:
        """A charge of 100 euros that a customer asks for."""
        details = self.account.details(case)
        if details is None:
            pytest.skip(f"{self.gateway.name} has no case {case}")
        return ChargeInput(
            key=new_key(),
            amount=amount,
            currency="EUR",
            method=case.method,
            description="INV-1",
            return_url=BACK,
            details=details,
            save=save,
            off_session=off_session,
            customer_name="Ada",
            customer_email="ada@example.com",
        )

    def needs(self, capability: str) -> None:
        """Skip what the gateway says it can't do."""
        if not getattr(self.gateway.capabilities(), capability):
            pytest.skip(f"{self.gateway.name} does not say {capability}")

    def charge(self, asked: ChargeInput) -> Outcome:
        return self.gateway.charge(self.credentials, asked)

    def read(self, key: str, provider_id: str = "") -> Outcome:
        return self.gateway.read_charge(self.credentials, key=key, provider_id=provider_id)

    def cancel(self, key: str, provider_id: str = "") -> Outcome:
        return self.gateway.cancel_charge(self.credentials, key=key, provider_id=provider_id)

    def saved(self, case: Case = Case.CARD) -> SavedMethodInput:
        self.needs("saves_methods")
        outcome = self.gateway.save_method(self.credentials, replace(self.asked(case, save=True), amount=0))
        assert outcome.method is not None
        return SavedMethodInput(outcome.method.token, outcome.method.provider_customer)

    def by_saved(self, saved: SavedMethodInput, *, off_session: bool = True) -> ChargeInput:
        return replace(self.asked(Case.CARD, off_session=off_session), details={}, saved=saved)

    # Who it is

    def test_says_who_it_is_and_what_it_takes(self) -> None:
        capabilities = self.gateway.capabilities()
        assert self.gateway.name.isidentifier()
        assert self.gateway.label
        assert capabilities.methods
        assert set(capabilities.methods) <= set(Method.values)
        assert set(capabilities.method_currencies) <= set(capabilities.methods)
        names = [field.name for field in self.gateway.account_fields()]
        assert len(set(names)) == len(names)

    def test_identifies_the_account_the_same_way_each_time(self) -> None:
        identity = self.gateway.identify(self.credentials)
        assert identity
        assert self.gateway.identify(self.credentials) == identity

    def test_wrong_keys_are_refused(self) -> None:
        wrong = self.account.wrong_credentials
        if wrong is None:
            pytest.skip(f"{self.gateway.name} has no keys")
        with pytest.raises(ProviderRefused):
            self.gateway.identify(wrong)
        with pytest.raises(ProviderRefused):
            self.gateway.charge(wrong, self.asked(Case.CARD))
        assert self.account.collected() == 0

    # What nobody collects

    def test_gateway_that_collects_nothing_refuses_and_knows_of_nothing(self) -> None:
        if self.gateway.capabilities().collects:
            pytest.skip(f"{self.gateway.name} collects")
        for method in self.gateway.capabilities().methods:
            asked = ChargeInput(new_key(), 10000, "EUR", method, "INV-1", BACK)
            with pytest.raises(ProviderRefused):
                self.charge(asked)
            assert (self.read(asked.key).state, self.read(asked.key).provider_id) == (OutcomeState.UNKNOWN, "")
            assert self.cancel(asked.key).state == OutcomeState.CANCELED
        assert not self.gateway.capabilities().saves_methods

    def test_webhook_of_nobody_is_refused(self) -> None:
        for headers, body in (({}, b"{}"), ({}, b""), ({"Stripe-Signature": "t=1,v1=0"}, b"[]")):
            with pytest.raises(NotFromProvider):
                self.gateway.parse_webhook(self.credentials, headers, body)

    # A charge

    def test_card_is_charged_what_was_asked_and_described(self) -> None:
        outcome = self.charge(self.asked(Case.CARD))
        assert (outcome.state, outcome.amount, outcome.currency) == (OutcomeState.SUCCEEDED, 10000, "EUR")
        assert outcome.provider_id
        assert outcome.method is not None
        assert (outcome.method.kind, outcome.method.last4) == ("card", "4242")
        assert outcome.method.expires_on is not None
        assert self.account.collected() == 10000

    def test_same_key_charges_once(self) -> None:
        asked = self.asked(Case.CARD)
        first, second = self.charge(asked), self.charge(asked)
        assert (second.state, second.provider_id) == (first.state, first.provider_id)
        assert self.account.collected() == 10000

    def test_form_filled_in_again_under_the_same_key_charges_once(self) -> None:
        asked = self.asked(Case.CARD)
        first = self.charge(asked)
        second = self.charge(replace(asked, details=self.asked(Case.CARD).details))
        assert (second.state, second.provider_id) == (first.state, first.provider_id)
        assert self.account.collected() == 10000

    def test_charge_is_found_by_its_key_and_by_its_id(self) -> None:
        for case in (Case.DECLINED, Case.CARD):
            asked = self.asked(case)
            outcome = self.charge(asked)
            for found in (self.read(asked.key), self.read(asked.key, outcome.provider_id)):
                assert (found.state, found.provider_id) == (outcome.state, outcome.provider_id)
                assert (found.amount, found.currency) == (10000, "EUR")

    def test_key_that_was_never_used_is_unknown(self) -> None:
        self.charge(self.asked(Case.CARD))
        found = self.read(new_key())
        assert (found.state, found.provider_id) == (OutcomeState.UNKNOWN, "")

    @pytest.mark.parametrize(
        ("case", "code"), [(Case.DECLINED, "card_declined"), (Case.NO_FUNDS, "insufficient_funds")]
    )
    def test_declined_card_says_why_and_collects_nothing(self, case: Case, code: str) -> None:
        outcome = self.charge(self.asked(case))
        assert (outcome.state, outcome.failure_code) == (OutcomeState.FAILED, code)
        assert outcome.failure_message.endswith(".")
        assert self.account.collected() == 0

    def test_absent_provider_is_unreachable(self) -> None:
        asked = self.asked(Case.CARD)
        with self.account.away():
            with pytest.raises(ProviderUnreachable):
                self.charge(asked)
            with pytest.raises(ProviderUnreachable):
                self.read(asked.key)
        assert self.read(asked.key).state == OutcomeState.UNKNOWN

    # A challenge

    @pytest.mark.parametrize("confirm", [True, False])
    def test_challenge_is_led_to_and_its_answer_is_read(self, *, confirm: bool) -> None:
        asked = self.asked(Case.CHALLENGE)
        outcome = self.charge(asked)
        assert outcome.state == OutcomeState.REQUIRES_ACTION
        assert outcome.action_url.startswith("http")
        assert self.account.collected() == 0
        self.account.answer_challenge(outcome.action_url, confirm=confirm)
        found = self.read(asked.key, outcome.provider_id)
        assert found.state == (OutcomeState.SUCCEEDED if confirm else OutcomeState.FAILED)
        assert found.failure_code == ("" if confirm else "challenge_refused")
        assert self.account.collected() == (10000 if confirm else 0)

    def test_canceled_challenge_collects_nothing(self) -> None:
        asked = self.asked(Case.CHALLENGE)
        outcome = self.charge(asked)
        assert self.cancel(asked.key, outcome.provider_id).state == OutcomeState.CANCELED
        self.account.answer_challenge(outcome.action_url, confirm=True)
        assert self.read(asked.key, outcome.provider_id).state == OutcomeState.CANCELED
        assert self.account.collected() == 0

    def test_canceled_key_collects_nothing_when_the_charge_arrives_late(self) -> None:
        asked = self.asked(Case.CARD)
        assert self.cancel(asked.key).state == OutcomeState.CANCELED
        assert self.charge(asked).state in UNFINISHED
        assert self.read(asked.key).state == OutcomeState.CANCELED
        assert self.cancel(asked.key).state == OutcomeState.CANCELED
        assert self.account.collected() == 0

    def test_canceling_what_was_collected_says_that_it_was(self) -> None:
        asked = self.asked(Case.CARD)
        outcome = self.charge(asked)
        assert self.cancel(asked.key, outcome.provider_id).state == OutcomeState.SUCCEEDED
        assert self.cancel(asked.key).state == OutcomeState.SUCCEEDED

    # A bank debit

    @pytest.mark.parametrize(
        ("case", "end"), [(Case.DEBIT, OutcomeState.SUCCEEDED), (Case.RETURNED_DEBIT, OutcomeState.FAILED)]
    )
    def test_bank_debit_is_under_way_until_it_settles(self, case: Case, end: OutcomeState) -> None:
        asked = self.asked(case)
        outcome = self.charge(asked)
        assert outcome.state == OutcomeState.PROCESSING
        assert self.cancel(asked.key, outcome.provider_id).state == OutcomeState.PROCESSING
        self.account.settle(outcome)
        found = self.read(asked.key, outcome.provider_id)
        assert found.state == end
        assert self.account.collected() == (10000 if end == OutcomeState.SUCCEEDED else 0)

    # Saved methods

    def test_method_saved_while_paying_is_charged_again(self) -> None:
        self.needs("saves_methods")
        method = self.charge(self.asked(Case.CARD, save=True)).method
        assert method is not None
        again = self.charge(self.by_saved(SavedMethodInput(method.token, method.provider_customer)))
        assert again.state == OutcomeState.SUCCEEDED
        assert self.account.collected() == 20000

    def test_method_saved_alone_collects_nothing_and_is_charged_later(self) -> None:
        saved = self.saved()
        assert self.account.collected() == 0
        for off_session in (True, False):
            assert self.charge(self.by_saved(saved, off_session=off_session)).state == OutcomeState.SUCCEEDED

    def test_saving_twice_under_one_key_saves_once(self) -> None:
        self.needs("saves_methods")
        asked = replace(self.asked(Case.CARD, save=True), amount=0)
        first, second = (self.gateway.save_method(self.credentials, asked) for _ in range(2))
        found = self.gateway.read_setup(self.credentials, key=asked.key, provider_id="")
        assert first.state == OutcomeState.SUCCEEDED
        assert first.provider_id == second.provider_id == found.provider_id
        assert first.method == second.method == found.method
        unknown = self.gateway.read_setup(self.credentials, key=new_key(), provider_id="")
        assert unknown.state == OutcomeState.UNKNOWN

    def test_declined_card_is_not_saved(self) -> None:
        self.needs("saves_methods")
        asked = replace(self.asked(Case.DECLINED, save=True), amount=0)
        outcome = self.gateway.save_method(self.credentials, asked)
        assert (outcome.state, outcome.failure_code) == (OutcomeState.FAILED, "card_declined")

    def test_saved_card_may_fail_when_it_is_charged(self) -> None:
        outcome = self.charge(self.by_saved(self.saved(Case.SAVED_THEN_FAILS)))
        assert (outcome.state, outcome.failure_code) == (OutcomeState.FAILED, "card_declined")

    def test_card_that_asks_for_a_challenge_fails_when_nobody_is_there(self) -> None:
        self.needs("saves_methods")
        asked = replace(self.asked(Case.CHALLENGE, save=True), amount=0)
        setup = self.gateway.save_method(self.credentials, asked)
        assert setup.state == OutcomeState.REQUIRES_ACTION
        self.account.answer_challenge(setup.action_url, confirm=True)
        setup = self.gateway.read_setup(self.credentials, key=asked.key, provider_id=setup.provider_id)
        assert setup.method is not None
        saved = SavedMethodInput(setup.method.token, setup.method.provider_customer)
        outcome = self.charge(self.by_saved(saved))
        assert (outcome.state, outcome.failure_code) == (OutcomeState.FAILED, "authentication_required")
        assert self.account.collected() == 0

    def test_removed_method_is_charged_no_more(self) -> None:
        saved = self.saved()
        for _ in range(2):
            self.gateway.remove_method(self.credentials, saved)
        try:
            state = self.charge(self.by_saved(saved)).state
        except ProviderRefused:
            state = OutcomeState.FAILED
        assert (state, self.account.collected()) == (OutcomeState.FAILED, 0)

    # Refunds

    def test_refund_in_parts_gives_back_no_more_than_was_collected(self) -> None:
        self.needs("partial_refunds")
        charge = self.charge(self.asked(Case.CARD))
        keys = [new_key("refund") for _ in range(3)]
        outcomes = [
            self.gateway.refund(
                self.credentials, key=key, provider_id=charge.provider_id, amount=amount, currency="EUR"
            )
            for key, amount in zip(keys, (4000, 6000, 1), strict=True)
        ]
        states = [outcome.state for outcome in outcomes]
        assert states == [OutcomeState.SUCCEEDED, OutcomeState.SUCCEEDED, OutcomeState.FAILED]
        assert outcomes[2].failure_message

    def test_refund_under_one_key_is_made_once_and_found(self) -> None:
        self.needs("refunds")
        charge, key = self.charge(self.asked(Case.CARD)), new_key("refund")
        made = [
            self.gateway.refund(self.credentials, key=key, provider_id=charge.provider_id, amount=10000, currency="EUR")
            for _ in range(2)
        ]
        found = self.gateway.read_refund(self.credentials, key=key, provider_id="")
        assert {outcome.state for outcome in (*made, found)} == {OutcomeState.SUCCEEDED}
        assert len({outcome.provider_id for outcome in (*made, found)}) == 1
        unknown = self.gateway.read_refund(self.credentials, key=new_key("refund"), provider_id="")
        assert unknown.state == OutcomeState.UNKNOWN

    # Webhooks

    def test_signed_webhook_names_the_charge(self) -> None:
        asked = self.asked(Case.CARD)
        outcome = self.charge(asked)
        headers, body = self.account.notice(outcome, asked.key)
        event = self.gateway.parse_webhook(self.credentials, headers, body)
        assert (event.kind, event.provider_id, event.key) == (EventKind.CHARGE, outcome.provider_id, asked.key)
        assert event.event_id

    def test_forged_old_and_foreign_webhooks_are_refused(self) -> None:
        asked = self.asked(Case.CARD)
        outcome = self.charge(asked)
        headers, body = self.account.notice(outcome, asked.key)
        refused = [
            ({}, body),
            (headers, body.replace(outcome.provider_id.encode(), b"another")),
            (dict.fromkeys(headers, "t=1,v1=0"), body),
            (dict.fromkeys(headers, "nonsense"), body),
            (headers, b"\xff"),
            self.account.notice(outcome, asked.key, age=301),
            self.account.notice(outcome, asked.key, account="another"),
        ]
        for forged, content in refused:
            with pytest.raises(NotFromProvider):
                self.gateway.parse_webhook(self.credentials, forged, content)
