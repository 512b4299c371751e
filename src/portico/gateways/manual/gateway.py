"""Transfers, checks and cash: ways to pay that nobody collects. The customer pays, and staff record the money."""

from collections.abc import Mapping
from typing import NoReturn

from django.utils.translation import gettext_noop

from portico.domain.payments.gateway import (
    AccountField,
    Capabilities,
    ChargeInput,
    Credentials,
    DisputeOutcome,
    NotFromProvider,
    Outcome,
    OutcomeState,
    ProviderEvent,
    ProviderRefused,
    RefundOutcome,
    SavedMethodInput,
    SetupOutcome,
)

_CAPABILITIES = Capabilities(methods=("bank_transfer", "check", "cash"), collects=False)


class ManualGateway:
    """What is paid without a provider, in any currency. It needs no account and no keys, and asks nobody.

    Where the money goes is said by the business's bank accounts and texts; what a customer will pay is a promise.
    """

    name = "manual"
    label = gettext_noop("Bank transfer, check and cash")

    def capabilities(self) -> Capabilities:
        """Say that nothing is collected."""
        return _CAPABILITIES

    def account_fields(self) -> tuple[AccountField, ...]:
        """Ask for nothing."""
        return ()

    def form_values(self, method: str, currency: str) -> Mapping[str, str]:
        """Tell no script anything."""
        return {}

    def test_details(self, credentials: Credentials) -> Mapping[str, str]:
        """There is nothing to try out."""
        return {}

    def identify(self, credentials: Credentials) -> str:
        """Return the business's own account: there is no provider that knows it."""
        return credentials.account_id

    def charge(self, credentials: Credentials, charge: ChargeInput) -> Outcome:
        """Raise ProviderRefused: the customer pays, nobody collects."""
        _refuse()

    def read_charge(self, credentials: Credentials, *, key: str, provider_id: str) -> Outcome:
        """There never was one."""
        return Outcome(OutcomeState.UNKNOWN)

    def cancel_charge(self, credentials: Credentials, *, key: str, provider_id: str) -> Outcome:
        """There never was one, so that it collects nothing."""
        return Outcome(OutcomeState.CANCELED)

    def save_method(self, credentials: Credentials, charge: ChargeInput) -> SetupOutcome:
        """Raise ProviderRefused."""
        _refuse()

    def read_setup(self, credentials: Credentials, *, key: str, provider_id: str) -> SetupOutcome:
        """There never was one."""
        return SetupOutcome(OutcomeState.UNKNOWN)

    def remove_method(self, credentials: Credentials, saved: SavedMethodInput) -> None:
        """Nothing was saved."""

    def refund(
        self, credentials: Credentials, *, key: str, provider_id: str, amount: int, currency: str
    ) -> RefundOutcome:
        """Raise ProviderRefused: staff give the money back and record that."""
        _refuse()

    def read_refund(self, credentials: Credentials, *, key: str, provider_id: str) -> RefundOutcome:
        """There never was one."""
        return RefundOutcome(OutcomeState.FAILED)

    def read_dispute(self, credentials: Credentials, dispute_id: str) -> DisputeOutcome | None:
        """No bank is asked about anything."""
        return None

    def parse_webhook(self, credentials: Credentials, headers: Mapping[str, str], body: bytes) -> ProviderEvent:
        """Raise NotFromProvider: there is no provider that a webhook could come from."""
        raise NotFromProvider("Nobody sends webhooks about transfers, checks and cash.")

    def keep_up(self) -> None:
        """Do nothing."""


def _refuse() -> NoReturn:
    raise ProviderRefused("Transfers, checks and cash are not collected: the customer pays, and staff record it.")
