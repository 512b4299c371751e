"""What an accountant's DATEV has to be told of a business: whose books, which chart of accounts, which accounts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from portico.domain.businesses.models import Business


class Chart(StrEnum):
    """A standard chart of accounts, by the two digits that DATEV knows it by."""

    SKR03 = "03"
    SKR04 = "04"


class Use(StrEnum):
    """What an account is for."""

    CUSTOMERS = "customers"
    RATE_19 = "rate_19"
    RATE_7 = "rate_7"
    EXEMPT = "exempt"
    REVERSE_CHARGE = "reverse_charge"
    EU_SUPPLY = "eu_supply"
    EXPORT = "export"
    MONEY = "money"
    WRITE_OFFS = "write_offs"
    OTHER = "other"


# Accounts that documents are posted to, each with the tax key that it may need.
REVENUE = (Use.RATE_19, Use.RATE_7, Use.EXEMPT, Use.REVERSE_CHARGE, Use.EU_SUPPLY, Use.EXPORT)
# The charts' own accounts. Those of revenue know their tax, so that a key is not needed, and not allowed, with them.
STANDARD: dict[Use, dict[Chart, str]] = {
    Use.CUSTOMERS: {Chart.SKR03: "10000", Chart.SKR04: "10000"},
    Use.RATE_19: {Chart.SKR03: "8400", Chart.SKR04: "4400"},
    Use.RATE_7: {Chart.SKR03: "8300", Chart.SKR04: "4300"},
    Use.EXEMPT: {Chart.SKR03: "8100", Chart.SKR04: "4100"},
    Use.REVERSE_CHARGE: {Chart.SKR03: "8337", Chart.SKR04: "4337"},
    Use.EU_SUPPLY: {Chart.SKR03: "8125", Chart.SKR04: "4125"},
    Use.EXPORT: {Chart.SKR03: "8120", Chart.SKR04: "4120"},
    Use.MONEY: {Chart.SKR03: "1360", Chart.SKR04: "1460"},
    Use.WRITE_OFFS: {Chart.SKR03: "2400", Chart.SKR04: "6930"},
    Use.OTHER: {Chart.SKR03: "1590", Chart.SKR04: "1370"},
}
_BY_CATEGORY = {"AE": Use.REVERSE_CHARGE, "K": Use.EU_SUPPLY, "G": Use.EXPORT}
_BY_RATE = {Decimal(19): Use.RATE_19, Decimal(7): Use.RATE_7, Decimal(0): Use.EXEMPT}


@dataclass(frozen=True, slots=True)
class DatevSettings:
    """The settings as they are kept. `accounts` and `keys` (BU-Schlüssel) hold what differs from the chart's own."""

    consultant: int | None = None
    client: int | None = None
    chart: Chart = Chart.SKR03
    fiscal_month: int = 1
    accounts: Mapping[Use, str] = field(default_factory=dict)
    keys: Mapping[Use, str] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """Whether it is known whose books these are."""
        return self.consultant is not None and self.client is not None

    @property
    def account_length(self) -> int:
        """How many digits an account has that is no customer's."""
        return len(self.account(Use.RATE_19))

    def account(self, use: Use) -> str:
        """Return the account for a use."""
        return self.accounts.get(use) or STANDARD[use][self.chart]

    def key(self, use: Use) -> str:
        """Return the tax key that is posted with an account; empty for none."""
        return self.keys.get(use, "")

    def fiscal_year(self, day: date) -> date:
        """Return the first day of the fiscal year that a day is in."""
        first = day.replace(month=self.fiscal_month, day=1)
        return first if first <= day else first.replace(year=day.year - 1)

    def kept(self) -> dict[str, Any]:
        """Return what is kept of it on the business."""
        return {
            "consultant": self.consultant,
            "client": self.client,
            "chart": self.chart.value,
            "fiscal_month": self.fiscal_month,
            "accounts": {use.value: text for use, text in self.accounts.items() if text},
            "keys": {use.value: text for use, text in self.keys.items() if text},
        }


def datev_of(business: Business) -> DatevSettings:
    """Return a business's settings; the standards where nothing is set."""
    kept: dict[str, Any] = business.datev
    if not kept:
        return DatevSettings()
    return DatevSettings(
        consultant=kept["consultant"],
        client=kept["client"],
        chart=Chart(kept["chart"]),
        fiscal_month=kept["fiscal_month"],
        accounts={Use(use): text for use, text in kept["accounts"].items()},
        keys={Use(use): text for use, text in kept["keys"].items()},
    )


def revenue_use(rate: Decimal, category: str) -> Use | None:
    """Return what an account of revenue is for, by tax rate and category (UNCL 5305); None for another country's."""
    use = _BY_RATE.get(rate)
    return _BY_CATEGORY.get(category, use) if use is Use.EXEMPT else use
