"""Which payment gateways a business uses, and with which keys."""

import secrets as random
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.domain.payments.credentials import credentials_of, encrypted
from portico.domain.payments.gateway import AccountField, Gateway
from portico.domain.payments.models import GatewayAccount
from portico.domain.payments.registry import gateway_named
from portico.lib.errors import Conflict, FieldError, Invalid


def add_gateway(
    business: Business, name: str, *, by: Actor, entered: Mapping[str, str] | None = None
) -> GatewayAccount:
    """Let a business use a gateway, with all of its methods. The provider is asked first whether the keys open it.

    `entered` holds the gateway's account fields by name. Raises NotFound for a gateway that is not installed, Conflict
    for one the business has, Invalid for a field, ProviderRefused for keys that open nothing.
    """
    gateway = gateway_named(name)
    if GatewayAccount.objects.filter(business=business, gateway=name).exists():
        raise Conflict(f"{business} uses {gateway.label} already.", code="gateway_taken")
    settings, secrets = _checked(gateway, entered or {})
    if not any(field.name == "webhook_secret" for field in gateway.account_fields()):
        secrets["webhook_secret"] = random.token_urlsafe(32)
    account = GatewayAccount(
        business=business,
        gateway=name,
        settings=settings,
        secrets=encrypted(secrets),
        methods={method: {} for method in gateway.capabilities().methods},
    )
    account.provider_account = gateway.identify(credentials_of(account))
    with transaction.atomic():
        account.position = GatewayAccount.objects.filter(business=business).count()
        account.save(force_insert=True)
        _record(Event.GATEWAY_ADDED, account, by)
    return account


def change_gateway_keys(account: GatewayAccount, entered: Mapping[str, str], *, by: Actor) -> GatewayAccount:
    """Put other keys of the same account at the provider in place; what is left empty stays.

    Raises Invalid for a field, ProviderRefused for keys that open nothing, Conflict for those of another account.
    """
    gateway = gateway_named(account.gateway)
    given = {name: value for name, value in entered.items() if value.strip()}
    known = credentials_of(account)
    settings, secrets = _checked(gateway, {**known.settings, **known.secrets, **given})
    changed = GatewayAccount(
        id=account.id,
        business=account.business,
        gateway=account.gateway,
        provider_account=account.provider_account,
        settings=settings,
        secrets=encrypted({**known.secrets, **secrets}),
    )
    _same_account(changed, gateway)
    with transaction.atomic():
        account = _locked(account)
        account.settings, account.secrets = changed.settings, changed.secrets
        account.save(update_fields=["settings", "secrets"])
        _record(Event.GATEWAY_KEYS_CHANGED, account, by)
    return account


def check_gateway(account: GatewayAccount) -> None:  # reads: asks the provider, which no query does
    """Ask the provider whether the keys still open the account.

    Raises ProviderRefused when they open nothing, Conflict when they open another one, ProviderUnreachable.
    """
    _same_account(account, gateway_named(account.gateway))


@transaction.atomic
def change_gateway(account: GatewayAccount, changes: Mapping[str, Any], *, by: Actor) -> GatewayAccount:
    """Set `enabled`, `position` or `methods` of a business's gateway. Raises Invalid for a method it does not have."""
    account = _locked(account)
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


@transaction.atomic
def move_gateway(account: GatewayAccount, *, up: bool, by: Actor) -> None:
    """Offer a gateway's methods one place earlier or later than those of the business's other gateways."""
    rows = list(GatewayAccount.objects.select_for_update().filter(business=account.business).order_by("position", "id"))
    place = [row.pk for row in rows].index(account.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for position, row in enumerate(rows):
        row.position = position
    GatewayAccount.objects.bulk_update(rows, ["position"])
    _record(Event.GATEWAY_CHANGED, account, by)


@transaction.atomic
def remove_gateway(account: GatewayAccount, *, by: Actor) -> None:
    """Forget a gateway and its keys. Raises Conflict when payments or saved methods need them."""
    account = _locked(account)
    _record(Event.GATEWAY_REMOVED, account, by)
    try:
        account.delete()
    except ProtectedError as error:
        label = gateway_named(account.gateway).label
        raise Conflict(
            f"There are payments or saved methods of {label}, which need its keys. Disable it instead.",
            code="gateway_in_use",
        ) from error


def _checked(gateway: Gateway, entered: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the settings and the secrets among what was entered. Raises Invalid, with every field that is wrong."""
    settings: dict[str, Any] = {}
    secrets: dict[str, str] = {}
    wrong = []
    for field in gateway.account_fields():
        value = str(entered.get(field.name, "")).strip()
        message = _wrong(field, value)
        if message:
            wrong.append(FieldError(f"/{field.name}", message))
        elif value:
            (secrets if field.secret else settings)[field.name] = value
    if wrong:
        raise Invalid(wrong[0].message, fields=wrong)
    return settings, secrets


def _wrong(field: AccountField, value: str) -> str:
    if not value:
        return f"{field.label} is missing." if field.required else ""
    if field.starts_with and not value.startswith(field.starts_with):
        return f"{field.label} begins with {' or '.join(field.starts_with)}."
    return ""


def _same_account(account: GatewayAccount, gateway: Gateway) -> None:
    if gateway.identify(credentials_of(account)) != account.provider_account:
        raise Conflict(f"These keys open another account at {gateway.label}.", code="other_provider_account")


def _locked(account: GatewayAccount) -> GatewayAccount:
    return GatewayAccount.objects.select_for_update(of=("self",)).select_related("business").get(pk=account.pk)


def _record(event: Event, account: GatewayAccount, by: Actor) -> None:
    record(
        event,
        account,
        by=by,
        data={"gateway": account.gateway, "enabled": account.enabled, "methods": sorted(account.methods)},
    )
