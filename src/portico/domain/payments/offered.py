"""The ways a customer may pay at a business, and what each of them costs. Amounts are minor units."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from portico.domain.access.viewer import CustomerViewer
from portico.domain.businesses.models import Business
from portico.domain.documents.models import Document
from portico.domain.payments.disabled import disabled_methods
from portico.domain.payments.models import GatewayAccount, Method, MethodState, PaymentMethod
from portico.domain.payments.queries import gateway_accounts
from portico.domain.payments.registry import gateways, offline_gateways
from portico.lib.money import percent_of


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to pay in a currency: a method of one of the business's gateways, or what the customer has saved there.

    The business states limits and fixed fees in its own currency: they count for payments in that one.
    """

    account: GatewayAccount
    method: Method
    currency: str
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
    def can_be_charged_again(self) -> bool:
        """Whether AutoPay can use it: it is saved already, or can be."""
        return self.saved is not None or self.saves

    @property
    def fee_percent(self) -> Decimal:
        """What the business charges on top for this way to pay, in percent."""
        return Decimal(str(self._limits.get("fee_percent") or 0))

    @property
    def fee_fixed(self) -> int:
        """What the business charges on top of that, whatever the amount."""
        return self._amount("fee_fixed")

    @property
    def minimum(self) -> int:
        """The least that can be paid this way, by the business or by the provider; 0 for no limit."""
        least = gateways()[self.account.gateway].capabilities().minimums.get(self.currency, 0)
        return max(self._amount("minimum"), least)

    @property
    def maximum(self) -> int:
        """The most that can be paid this way; 0 for no limit."""
        return self._amount("maximum")

    def fee_on(self, amount: int) -> int:
        """Return what is charged on top of an amount; nothing where nothing is paid."""
        return percent_of(amount, self.fee_percent) + self.fee_fixed if amount > 0 else 0

    def _amount(self, name: str) -> int:
        return int(self._limits.get(name) or 0) if self.currency == self.account.business.currency else 0

    @property
    def _limits(self) -> dict[str, Any]:
        limits: dict[str, Any] = self.account.methods.get(self.method) or {}
        return limits


def offer_of(saved: PaymentMethod, currency: str) -> Offer:
    """Return what a customer has saved, which the viewer has fetched, as a way to pay in a currency."""
    return Offer(saved.gateway_account, Method(saved.kind), currency, saved)


def enabled_gateways(business: Business) -> QuerySet[GatewayAccount]:
    """The gateways that a business has switched on: with one of them customers can pay in the portal."""
    return gateway_accounts(business).filter(enabled=True).exclude(gateway__in=offline_gateways())


def offers(viewer: CustomerViewer, currency: str, documents: Iterable[Document] = ()) -> list[Offer]:
    """Return the ways a customer may pay in a currency: what was saved first, then each gateway's methods in order.

    Left out is what the business has disabled for the customer, or for one of these documents. A session that reaches
    one document is not shown what the customer has saved.
    """
    disabled = disabled_methods(viewer.customer, documents)
    return [offer for offer in _offers(viewer, currency) if offer.method not in disabled]


def _offers(viewer: CustomerViewer, currency: str) -> list[Offer]:
    accounts = [row for row in gateway_accounts(viewer.business) if row.enabled and _methods(row, currency)]
    offered = [Offer(row, Method(method), currency) for row in accounts for method in _methods(row, currency)]
    if not viewer.has_account or not accounts:
        return offered
    rows = PaymentMethod.objects.filter(business=viewer.business, customer=viewer.customer, state=MethodState.ACTIVE)
    today, by_key = viewer.business.today(), {account.pk: account for account in accounts}
    saved = [
        Offer(by_key[row.gateway_account_id], Method(row.kind), currency, row)
        for row in rows.order_by("-is_default", "-id")
        if row.gateway_account_id in by_key and not row.expired(today)
    ]
    return [offer for offer in saved if offer.method in _methods(offer.account, currency)] + offered


def _methods(account: GatewayAccount, currency: str) -> list[str]:
    """Return the methods that an account offers in a currency; none when its gateway is not installed any more."""
    gateway = gateways().get(account.gateway)
    capabilities = gateway.capabilities() if gateway else None
    if capabilities is None or not capabilities.collects:
        return []
    return [name for name in capabilities.methods if name in account.methods and capabilities.takes(name, currency)]
