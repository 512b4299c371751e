"""How businesses, customers and products of the demonstration are defined."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from portico.demo.timeline import Timeline
from portico.domain.businesses.actions.bank_accounts import BankAccountInput
from portico.domain.businesses.actions.create import BusinessInput
from portico.domain.businesses.actions.instructions import InstructionInput
from portico.domain.customers.actions.upsert import ContactInput, CustomerInput
from portico.domain.documents.models import Document
from portico.domain.documents.totals import LineInput
from portico.lib.money import exponent, round_to

type PaymentBehavior = Callable[[Timeline, Document], None]


@dataclass(frozen=True, slots=True)
class Product:
    """Something sold: its name in two languages, a usual price, and how much of it is bought at a time."""

    name: str
    name_there: str
    unit: str
    price: str
    least: int
    most: int
    step: str = "1"

    def line(self, random: Random, *, local: bool, currency: str, rate: Decimal, tax: Decimal | None) -> LineInput:
        """Return a line of a believable quantity, in the local language or in English."""
        quantity = Decimal(random.randint(self.least, self.most)) * Decimal(self.step)
        price = Decimal(self.price)
        if rate != 1:
            price = round_to(price * rate, exponent(currency))
        return LineInput(self.name_there if local else self.name, quantity, price, tax_rate=tax, unit=self.unit)


@dataclass(frozen=True, slots=True)
class Buyer:
    """A customer of the demonstration.

    `every` is how many days lie between two invoices, `since` and `until` how many days ago they began and ended,
    `terms` when they fall due, `products` what is bought, by position in the catalogue; `pays` is its payment behavior.
    """

    key: str
    name: str
    pays: PaymentBehavior | None = None
    every: int = 45
    since: int = 700
    until: int = 0
    terms: int = 14
    products: Sequence[int] = (0, 1)
    language: str = ""
    currency: str = ""
    rate: str = "1"
    tax: str | None = None
    email: str = ""
    phone: str = ""
    tax_id: str = ""
    address: Sequence[str] = ()
    shipping: Sequence[str] = ()
    contacts: Sequence[ContactInput] = ()
    titles: Sequence[str] = ()
    order: str = ""

    def to_input(self) -> CustomerInput:
        """Return the customer as the business knows it."""
        addresses = {"billing": _address(self.address), "shipping": _address(self.shipping)}
        return CustomerInput(
            external_id=self.key,
            name=self.name,
            email=self.email,
            phone=self.phone,
            language=self.language,
            currency=self.currency,
            tax_id=self.tax_id,
            addresses={kind: address for kind, address in addresses.items() if address},
            contacts=self.contacts,
        )


@dataclass(frozen=True, slots=True)
class BusinessDefinition:
    """A business: its profile, its texts in English and in its own language, its products and customers."""

    business: BusinessInput
    profile: Mapping[str, Any]
    portal: Mapping[str, Any]
    payments: Mapping[str, Any]
    bank_accounts: Sequence[BankAccountInput]
    instructions: Sequence[InstructionInput]
    staff: tuple[str, str]
    notes: tuple[str, str]
    terms: tuple[str, str]
    local: str
    products: Sequence[Product]
    customers: Sequence[Buyer]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    colleagues: Sequence[tuple[str, str]] = ()


def _address(parts: Sequence[str]) -> dict[str, str]:
    """Read `street, postal code, city, country` or, with five parts, `street, more, postal code, city, country`."""
    if not parts:
        return {}
    line1, *more, postal_code, city, country = parts
    return {"line1": line1, "line2": " ".join(more), "postal_code": postal_code, "city": city, "country": country}
