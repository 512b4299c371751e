"""What a payment provider's gateway has to be able to do. Amounts are integers in minor units of their currency.

A gateway keeps nothing of its own in Portico: it translates between these types and its provider. It is called outside
of transactions and may be called again with the same key: the provider answers the second call as it did the first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from django_stubs_ext import StrPromise

from portico.lib.errors import PorticoError


class ProviderUnreachable(PorticoError):
    """The provider gave no answer: nobody knows yet whether it did what it was asked. Ask again with the same key."""

    code = "provider_unreachable"
    status = 503


class ProviderRefused(PorticoError):
    """The provider refused the request itself, not the card: wrong keys, an unknown token, a method it lacks."""

    code = "provider_refused"
    status = 502


class NotFromProvider(PorticoError):
    """A webhook whose signature is missing, wrong or too old, or that is for another account."""

    code = "webhook_not_accepted"
    status = 400


class OutcomeState(StrEnum):
    """How far a charge has come at the provider."""

    UNKNOWN = "unknown"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a gateway can do. Empty `currencies` means every one; a limit of 0 means none.

    `method_currencies` holds the methods that some of the currencies can't be paid by. Where nothing `collects`, the
    customer pays without a provider: such a gateway's methods are shown with what the business says of them, limits and
    order are the business's, and nothing of it is ever charged.
    """

    methods: tuple[str, ...]
    currencies: frozenset[str] = frozenset()
    method_currencies: Mapping[str, frozenset[str]] = field(default_factory=dict)
    collects: bool = True
    saves_methods: bool = False
    refunds: bool = False
    partial_refunds: bool = False
    minimums: Mapping[str, int] = field(default_factory=dict)

    def takes(self, method: str, currency: str) -> bool:
        """Whether a currency can be paid by a method."""
        every = not self.currencies or currency in self.currencies
        return method in self.methods and every and currency in self.method_currencies.get(method, {currency})


@dataclass(frozen=True, slots=True)
class AccountField:
    """Something a business enters to use a gateway. A secret one is encrypted, and never shown again.

    `starts_with` holds the beginnings a right value has, so that a key put into the wrong field is noticed.
    """

    name: str
    label: "str | StrPromise"
    secret: bool
    required: bool = True
    starts_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Credentials:
    """A business's account at the provider, as the gateway needs it: what it entered, secrets in plain."""

    account_id: str
    provider_account: str
    settings: Mapping[str, Any]
    # Left out of what is printed of it, so that no log holds them.
    secrets: Mapping[str, str] = field(repr=False)
    webhook_url: str


@dataclass(frozen=True, slots=True)
class SavedMethodInput:
    """A method saved at the provider."""

    token: str
    provider_customer: str = ""


@dataclass(frozen=True, slots=True)
class ChargeInput:
    """A charge to make. `key` is its idempotency key; `details` is what the customer typed, where Portico asks for it.

    Exactly one of `saved` and `details` is given. `off_session` means that nobody is there to pass a challenge.
    """

    key: str
    amount: int
    currency: str
    method: str
    description: str
    return_url: str
    saved: SavedMethodInput | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    save: bool = False
    off_session: bool = False
    customer_name: str = ""
    customer_email: str = ""
    provider_customer: str = ""


@dataclass(frozen=True, slots=True)
class MethodDetails:
    """A card or bank account as the provider describes it; `expires_on` is its last good day."""

    token: str
    kind: str
    brand: str = ""
    last4: str = ""
    holder: str = ""
    expires_on: date | None = None
    provider_customer: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the provider says of a charge. `amount` and `currency` are its own, to be compared with what was asked."""

    state: OutcomeState
    provider_id: str = ""
    amount: int = 0
    currency: str = ""
    action_url: str = ""
    failure_code: str = ""
    failure_message: str = ""
    method: MethodDetails | None = None


@dataclass(frozen=True, slots=True)
class SetupOutcome:
    """What the provider says of saving a method."""

    state: OutcomeState
    provider_id: str = ""
    action_url: str = ""
    failure_code: str = ""
    failure_message: str = ""
    method: MethodDetails | None = None


@dataclass(frozen=True, slots=True)
class RefundOutcome:
    """What the provider says of a refund: `processing`, `succeeded` or `failed`."""

    state: OutcomeState
    provider_id: str = ""
    failure_message: str = ""


class DisputeNews(StrEnum):
    """What became of a dispute. `withdrawn`: it is open, and the bank took the money back for the time being."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class DisputeOutcome:
    """What the provider says of a dispute of the charge `provider_id`. `amount` is disputed of it; 0 for all."""

    dispute_id: str
    provider_id: str
    state: DisputeNews
    amount: int = 0


class EventKind(StrEnum):
    """What a webhook is about."""

    CHARGE = "charge"
    REFUND = "refund"
    DISPUTE = "dispute"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """A webhook that was proved to come from the provider. What is so is asked of the provider, not read from it.

    `provider_id` is the charge's. `key` is the charge's or refund's idempotency key, when the provider hands it back.
    `dispute_id` is the provider's own id of a dispute.
    """

    event_id: str
    kind: EventKind
    provider_id: str = ""
    key: str = ""
    dispute_id: str = ""


class Gateway(Protocol):
    """A provider's gateway. Every call but `parse_webhook` may raise ProviderUnreachable or ProviderRefused.

    `name` stands in addresses and commands, `label` on pages: the provider's own name.
    """

    name: str
    label: str

    def capabilities(self) -> Capabilities:
        """Say what the provider can do."""

    def account_fields(self) -> tuple[AccountField, ...]:
        """Say what a business enters to use it, in the order of the form."""

    def form_values(self, method: str, currency: str) -> Mapping[str, str]:
        """Say what the provider's own form on the pay page has to be told; nothing where Portico asks itself."""

    def test_details(self, credentials: Credentials) -> Mapping[str, str]:
        """Say what a card that moves no money is typed as; nothing where the account moves real money."""

    def identify(self, credentials: Credentials) -> str:
        """Return the provider's own id of the account these credentials open. Raises ProviderRefused for wrong ones."""

    def charge(self, credentials: Credentials, charge: ChargeInput) -> Outcome:
        """Make a charge, or return what became of it when this key was used before."""

    def read_charge(self, credentials: Credentials, *, key: str, provider_id: str) -> Outcome:
        """Return what became of a charge; `unknown` without a provider id when the provider never got it."""

    def cancel_charge(self, credentials: Credentials, *, key: str, provider_id: str) -> Outcome:
        """Make sure that an unfinished charge collects nothing any more, and return what became of it."""

    def save_method(self, credentials: Credentials, charge: ChargeInput) -> SetupOutcome:
        """Save a method without charging it; `amount` is 0."""

    def read_setup(self, credentials: Credentials, *, key: str, provider_id: str) -> SetupOutcome:
        """Return what became of saving a method."""

    def remove_method(self, credentials: Credentials, saved: SavedMethodInput) -> None:
        """Forget a saved method at the provider. Removing it again changes nothing."""

    def refund(
        self, credentials: Credentials, *, key: str, provider_id: str, amount: int, currency: str
    ) -> RefundOutcome:
        """Give part or all of a charge back, or return what became of it when this key was used before."""

    def read_refund(self, credentials: Credentials, *, key: str, provider_id: str) -> RefundOutcome:
        """Return what became of a refund."""

    def read_dispute(self, credentials: Credentials, dispute_id: str) -> DisputeOutcome | None:
        """Return how far a dispute has come; None for one that the provider does not know."""

    def parse_webhook(self, credentials: Credentials, headers: Mapping[str, str], body: bytes) -> ProviderEvent:
        """Prove that a webhook comes from the provider and say what it is about. Raises NotFromProvider."""

    def keep_up(self) -> None:
        """Do what is due between requests. A provider that does everything by itself leaves this empty."""
