from datetime import datetime

from django.db import transaction

from portico.domain.access.models import ApiKey
from portico.domain.access.programs.queries import KEY_PREFIX, KEY_PURPOSE
from portico.domain.access.secrets import stored_form
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.lib.clock import now
from portico.lib.errors import Invalid
from portico.lib.ids import new_secret


@transaction.atomic
def create_api_key(
    business: Business, name: str, *, by: Actor, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Make a program's key; returns it and the secret, which is never shown again.

    From `expires_at` on it opens nothing. Raises Invalid for one that has passed.
    """
    if expires_at is not None and expires_at <= now():
        raise Invalid("A key that has expired already opens nothing: give a time to come.")
    secret = new_secret(KEY_PREFIX)
    secret_hash, key_id = stored_form(secret, KEY_PURPOSE)
    api_key = ApiKey.objects.create(
        business=business,
        name=name,
        prefix=secret[:9],
        secret_hash=secret_hash,
        key_id=key_id,
        created_by=by.label[:200],
        expires_at=expires_at,
    )
    record(Event.API_KEY_CREATED, api_key, by=by, data={"name": name})
    return api_key, secret
