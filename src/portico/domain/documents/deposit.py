"""What an estimate asks for in advance."""

from dataclasses import dataclass
from decimal import Decimal

from portico.lib.money import percent_of


@dataclass(frozen=True, slots=True)
class Deposit:
    """A deposit: `percent` of the estimate's total, or a fixed `amount` in minor units. At most one of them is set."""

    percent: Decimal | None = None
    amount: int | None = None

    def of(self, total: int) -> int:
        """Return the deposit on `total`, in minor units, rounded half-up."""
        if self.percent is not None:
            return percent_of(total, self.percent)
        return self.amount or 0
