"""A transfer that a banking app can read from a code, so that nobody types an IBAN."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portico.domain.businesses.bank_numbers import spaced
from portico.domain.businesses.models import BankAccount, Business
from portico.domain.documents.models import Document
from portico.lib.money import to_major


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money to be sent to an account: `amount` in minor units of `currency`, for what `numbers` name.

    `serial` is the same for one document ever after, and another for every other.

    `payee` is the address that the account is held at, `payer` who is to pay, both as a document keeps its parties.
    """

    account: BankAccount
    currency: str
    amount: int
    numbers: tuple[str, ...]
    serial: int
    payee: Mapping[str, Any]
    payer: Mapping[str, Any]

    @property
    def major(self) -> Decimal:
        """The amount with its decimals: `1204.00`."""
        return to_major(self.amount, self.currency)

    @property
    def iban(self) -> str:
        """The IBAN as people read it."""
        return spaced(self.account.iban)


def transfer_for(business: Business, account: BankAccount, documents: list[Document], amount: int = 0) -> Transfer:
    """Return the transfer of what is open on documents of one currency and customer, or of an amount for them."""
    return Transfer(
        account=account,
        currency=documents[0].currency,
        amount=amount or sum(row.open_amount for row in documents),
        numbers=tuple(row.number for row in documents),
        serial=documents[0].pk.int,
        payee={name: getattr(business, name) for name in ("line1", "line2", "postal_code", "city", "country")},
        payer=documents[0].buyer,
    )
