"""Which payment gateways a business uses."""

import secrets as random
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.domain.payments.credentials import credentials_of, encrypted
from portico.domain.payments.models import GatewayAccount
from portico.domain.payments.registry import gateway_named
from portico.lib.errors import Conflict, FieldError, Invalid


def add_gateway(
    business: Business,
    name: str,
    *,
    by: Actor,
    settings: Mapping[str, Any] | None = None,
    secrets: Mapping[str, str] | None = None,
) -> GatewayAccount:
    """Let a business use a gateway, with all of its methods. The provider is asked first whether the keys open it.

    Raises NotFound for a gateway that is not installed, Conflict for one the business has, ProviderRefused for keys
    that open nothing.
    """
    gateway = gateway_named(name)
    if GatewayAccount.objects.filter(business=business, gateway=name).exists():
        raise Conflict(f"{business} uses {name} already.", code="gateway_taken")
    kept = {"webhook_secret": random.token_urlsafe(32), **(secrets or {})}
    account = GatewayAccount(
        business=business,
        gateway=name,
        settings=dict(settings or {}),
        secrets=encrypted(kept),
        methods={method: {} for method in gateway.capabilities().methods},
    )
    account.provider_account = gateway.identify(credentials_of(account))
    with transaction.atomic():
        account.position = GatewayAccount.objects.filter(business=business).count()
        account.save(force_insert=True)
        _record(Event.GATEWAY_ADDED, account, by)
    return account


@transaction.atomic
def change_gateway(account: GatewayAccount, changes: Mapping[str, Any], *, by: Actor) -> GatewayAccount:
    """Set `enabled`, `position` or `methods` of a business's gateway. Raises Invalid for a method it does not have."""
    account = GatewayAccount.objects.select_for_update(of=("self",)).select_related("business").get(pk=account.pk)
    for method in changes.get("methods", {}):
        if method not in gateway_named(account.gateway).capabilities().methods:
            message = f"{account.gateway} has no method {method}."
            raise Invalid(message, fields=[FieldError(f"/methods/{method}", message)])
    changed = [name for name in ("enabled", "position", "methods") if name in changes]
    for name in changed:
        setattr(account, name, changes[name])
    account.save(update_fields=changed)
    _record(Event.GATEWAY_CHANGED, account, by)
    return account


def _record(event: Event, account: GatewayAccount, by: Actor) -> None:
    record(
        event,
        account,
        by=by,
        data={"gateway": account.gateway, "enabled": account.enabled, "methods": sorted(account.methods)},
    )
