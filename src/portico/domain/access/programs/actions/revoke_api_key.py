from django.db import transaction

from portico.domain.access.models import ApiKey
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.lib.clock import now


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
