"""The ways a customer may pay at a business, and what each of them costs. Amounts are minor units."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portico.domain.access.viewer import CustomerViewer
from portico.domain.businesses.models import Business
from portico.domain.payments.models import GatewayAccount, Method, MethodState, PaymentMethod
from portico.domain.payments.queries import gateway_accounts
from portico.domain.payments.registry import gateways
from portico.lib.money import percent_of


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to pay: a method of one of the business's gateways, or what the customer has saved there (`saved`)."""

    account: GatewayAccount
    method: Method
    saved: PaymentMethod | None = None

    @property
    def value(self) -> str:
        """What a form calls it: the saved method's id, or `gateway:method`."""
        return self.saved.public_id if self.saved else f"{self.account.gateway}:{self.method}"

    @property
    def saves(self) -> bool:
        """Whether what is paid with can be kept for next time."""
        return self.saved is None and gateways()[self.account.gateway].capabilities().saves_methods

    @property
    def fee_percent(self) -> Decimal:
        """What the business charges on top for this way to pay, in percent."""
        return Decimal(str(self._limits.get("fee_percent") or 0))

    @property
    def minimum(self) -> int:
        """The least that can be paid this way; 0 for no limit."""
        return int(self._limits.get("minimum") or 0)

    @property
    def maximum(self) -> int:
        """The most that can be paid this way; 0 for no limit."""
        return int(self._limits.get("maximum") or 0)

    def fee_on(self, amount: int) -> int:
        """Return what is charged on top of an amount."""
        return percent_of(amount, self.fee_percent)

    @property
    def _limits(self) -> dict[str, Any]:
        limits: dict[str, Any] = self.account.methods.get(self.method) or {}
        return limits


def takes_payments(business: Business) -> bool:
    """Whether customers can pay in the portal: the business has a gateway that is switched on."""
    return gateway_accounts(business).filter(enabled=True).exists()


def offers(viewer: CustomerViewer, currency: str) -> list[Offer]:
    """Return the ways a customer may pay in a currency: what was saved first, then each gateway's methods in order.

    A session that reaches one document is not shown what the customer has saved.
    """
    accounts = [row for row in gateway_accounts(viewer.business) if row.enabled and _takes(row, currency)]
    offered = [Offer(account, Method(method)) for account in accounts for method in _methods(account)]
    if not viewer.has_account or not accounts:
        return offered
    rows = PaymentMethod.objects.filter(business=viewer.business, customer=viewer.customer, state=MethodState.ACTIVE)
    today, by_key = viewer.business.today(), {account.pk: account for account in accounts}
    saved = [
        Offer(by_key[row.gateway_account_id], Method(row.kind), row)
        for row in rows.order_by("-is_default", "-id")
        if row.gateway_account_id in by_key and not row.expired(today)
    ]
    return [offer for offer in saved if offer.method in offer.account.methods] + offered


def _takes(account: GatewayAccount, currency: str) -> bool:
    gateway = gateways().get(account.gateway)
    if gateway is None:
        return False
    currencies = gateway.capabilities().currencies
    return not currencies or currency in currencies


def _methods(account: GatewayAccount) -> list[str]:
    return [name for name in gateways()[account.gateway].capabilities().methods if name in account.methods]
