"""The ways to pay that no provider collects: transfer, check, cash. A business offers all until it says otherwise."""

from collections.abc import Iterable

from django.db.models import QuerySet

from portico.domain.businesses.models import Business
from portico.domain.payments.models import GatewayAccount, Method
from portico.domain.payments.offered import Offer
from portico.domain.payments.registry import gateways, offline_gateways


def offline_accounts(business: Business) -> QuerySet[GatewayAccount]:
    """Return what a business says of these ways, by gateway; nothing for one that it offers as it is."""
    rows = GatewayAccount.objects.filter(business=business, gateway__in=offline_gateways())
    return rows.select_related("business").order_by("position", "id")


def offline_methods(accounts: Iterable[GatewayAccount], currency: str, amount: int) -> list[Method]:
    """Return the ways that an amount (minor units; 0 for any) can be paid by, of what a business says of them."""
    said = {account.gateway: account for account in accounts}
    found = []
    for name in offline_gateways():
        account, can = said.get(name), gateways()[name].capabilities()
        for method in (Method(method) for method in can.methods if can.takes(method, currency)):
            if account is None or _offers(account, method, currency, amount):
                found.append(method)
    return found


def _offers(account: GatewayAccount, method: Method, currency: str, amount: int) -> bool:
    if not account.enabled or method not in account.methods:
        return False
    offer = Offer(account, method, currency)
    return not amount or offer.minimum <= amount <= (offer.maximum or amount)
