from datetime import datetime, timedelta

from django.db import transaction

from portico.domain.access.models import ApiKey
from portico.domain.access.secrets import candidates, stored_form
from portico.domain.access.viewer import ApiViewer
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.lib.clock import now
from portico.lib.errors import Invalid, PorticoError
from portico.lib.ids import new_secret, well_formed

_PREFIX = "ptk"
_PURPOSE = "api_key"
_SEEN_EVERY = timedelta(minutes=5)


class BadKey(PorticoError):
    """No key, or one that is unknown, expired or revoked."""

    code = "unauthorized"
    status = 401


@transaction.atomic
def create_api_key(
    business: Business, name: str, *, by: Actor, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Make a program's key; returns it and the secret, which is never shown again.

    From `expires_at` on it opens nothing. Raises Invalid for one that has passed.
    """
    if expires_at is not None and expires_at <= now():
        raise Invalid("A key that has expired already opens nothing: give a time to come.")
    secret = new_secret(_PREFIX)
    secret_hash, key_id = stored_form(secret, _PURPOSE)
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


@transaction.atomic
def revoke_api_key(api_key: ApiKey, *, by: Actor) -> ApiKey:
    """End a key: from the commit on every process answers it with 401. Revoking it again changes nothing."""
    api_key = ApiKey.objects.select_for_update(of=("self",)).select_related("business").get(pk=api_key.pk)
    if api_key.revoked_at is None:
        api_key.revoked_at = now()
        api_key.save(update_fields=["revoked_at"])
        data = {"name": api_key.name}
        record(Event.API_KEY_REVOKED, api_key, by=by, data=data)
    return api_key


def viewer_of_key(secret: str, *, ip: str | None = None) -> ApiViewer:
    """Return who a key belongs to. Raises BadKey."""
    api_key = None
    if well_formed(secret, _PREFIX):
        hashes = candidates(secret, _PURPOSE)
        api_key = ApiKey.objects.select_related("business").filter(secret_hash__in=hashes, revoked_at=None).first()
    moment = now()
    if api_key is None or (api_key.expires_at is not None and moment >= api_key.expires_at):
        raise BadKey("The API key is missing, unknown or no longer valid.")
    if api_key.last_used_at is None or moment >= api_key.last_used_at + _SEEN_EVERY:
        ApiKey.objects.filter(pk=api_key.pk).update(last_used_at=moment)
    return ApiViewer(api_key.business, api_key, ip)
