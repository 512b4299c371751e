from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from portico.domain.access.models import ApiKey, ApiScope
from portico.domain.access.programs.queries import KEY_PREFIX, KEY_PURPOSE
from portico.domain.access.secrets import stored_form
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.lib.clock import now
from portico.lib.errors import FieldError, Invalid
from portico.lib.ids import new_secret
from portico.lib.one_line import is_blank


@transaction.atomic
def create_api_key(
    business: Business,
    name: str,
    *,
    by: Actor,
    scopes: Collection[ApiScope] = tuple(ApiScope),
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a program's key for some scopes; returns it and the secret, which is never shown again.

    From `expires_at` on it opens nothing. Raises Invalid for one that has passed, for no name and for no scope.
    """
    if is_blank(name):
        raise Invalid("A key needs a name.", fields=[FieldError("/name", "A key needs a name.")])
    if not scopes:
        raise Invalid("A key is for something: read, write or links.", code="no_scope")
    if expires_at is not None and expires_at <= now():
        raise Invalid("A key that has expired already opens nothing: give a time to come.")
    api_key, secret = make_key(business, name.strip(), by=by, scopes=scopes, expires_at=expires_at)
    data = {"name": api_key.name, "scopes": api_key.scopes, "expires_at": _iso(expires_at)}
    record(Event.API_KEY_CREATED, api_key, by=by, data=data)
    return api_key, secret


def make_key(
    business: Business, name: str, *, by: Actor, scopes: Collection[str], expires_at: datetime | None
) -> tuple[ApiKey, str]:
    """Write a key's row; returns it and the secret. The caller has checked what it is told, and records it."""
    secret = new_secret(KEY_PREFIX)
    secret_hash, key_id = stored_form(secret, KEY_PURPOSE)
    api_key = ApiKey.objects.create(
        business=business,
        name=name,
        prefix=secret[:9],
        secret_hash=secret_hash,
        key_id=key_id,
        scopes=[scope.value for scope in ApiScope if scope in scopes],
        created_by=by.label[:200],
        expires_at=expires_at,
    )
    return api_key, secret


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
