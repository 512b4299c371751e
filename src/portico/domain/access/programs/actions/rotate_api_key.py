from datetime import timedelta

from django.db import transaction

from portico.domain.access.models import ApiKey
from portico.domain.access.programs.actions.create_api_key import make_key
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.lib.clock import now
from portico.lib.errors import Conflict, Invalid

LONGEST_GRACE = timedelta(days=30)


@transaction.atomic
def rotate_api_key(api_key: ApiKey, *, grace: timedelta, by: Actor) -> tuple[ApiKey, str]:
    """Make a key that takes another's place: same name, same scopes, and as long a life; returns it and the secret.

    The former goes on for `grace`, never longer than it would have anyway. Raises Conflict when it opens nothing any
    more or has been replaced, and Invalid for a grace that is too long.
    """
    if not timedelta(0) <= grace <= LONGEST_GRACE:
        raise Invalid(f"The former key goes on for {LONGEST_GRACE.days} days at most.")
    moment = now()
    api_key = ApiKey.objects.select_for_update(of=("self",)).select_related("business").get(pk=api_key.pk)
    if api_key.state != "active":
        raise Conflict(f"The key {api_key.name} opens nothing any more.", code="key_ended")
    if api_key.replaced_at is not None:
        raise Conflict(f"The key {api_key.name} has been replaced already.", code="key_replaced")
    life = api_key.expires_at - api_key.created_at if api_key.expires_at else None
    fresh, secret = make_key(
        api_key.business, api_key.name, by=by, scopes=api_key.scopes, expires_at=moment + life if life else None
    )
    ends = moment + grace
    api_key.expires_at = min(api_key.expires_at, ends) if api_key.expires_at else ends
    api_key.replaced_at = moment
    api_key.save(update_fields=["expires_at", "replaced_at"])
    data = {"name": api_key.name, "new_key": fresh.public_id, "until": api_key.expires_at.isoformat()}
    record(Event.API_KEY_ROTATED, api_key, by=by, data=data)
    return fresh, secret
