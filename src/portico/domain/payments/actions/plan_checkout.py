"""What a customer chose to pay, and what it comes to by the business's rules. Amounts are minor units.

Nothing here changes anything: `actions/check_out.py` does what was chosen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from portico.domain.documents.models import Document
from portico.domain.payments.actions.start_attempt import ShareInput
from portico.domain.payments.queries import Credit


@dataclass(frozen=True, slots=True)
class Part:
    """How much of an invoice is to be settled, with credits and money together."""

    invoice: Document
    amount: int


@dataclass(frozen=True, slots=True)
class Checkout:
    """What a customer chose: parts of invoices, credits to use for them in this order, an advance on top.

    With `deposit`, the one part is the deposit of an estimate.
    """

    currency: str
    parts: Sequence[Part] = ()
    credits: Sequence[Credit] = ()
    advance: int = 0
    deposit: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What a checkout comes to: which credit pays what, and how much money is left to be paid."""

    shares: list[ShareInput] = field(default_factory=list)
    total: int = 0
    credit: int = 0

    @property
    def money(self) -> int:
        """What remains to be paid with money."""
        return self.total - self.credit


def plan_of(checkout: Checkout) -> Plan:
    """Spend the chosen credits on the invoices in their order; the rest of each is paid with money."""
    left: dict[UUID, int] = {credit.item.pk: credit.left for credit in checkout.credits}
    shares: list[ShareInput] = []
    spent = 0
    for part in checkout.parts:
        missing = part.amount
        for credit in checkout.credits:
            used = min(missing, left[credit.item.pk])
            if used > 0:
                shares.append(ShareInput(part.invoice, used, credit.item))
                left[credit.item.pk] -= used
                missing -= used
                spent += used
        if missing > 0:
            shares.append(ShareInput(part.invoice, missing))
    total = checkout.advance + sum(part.amount for part in checkout.parts)
    return Plan(shares, total, spent)
