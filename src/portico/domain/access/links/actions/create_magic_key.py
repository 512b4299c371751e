from django.db import transaction

from portico.domain.access.models import MagicKey
from portico.domain.access.secrets import encrypt
from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.lib.errors import Conflict
from portico.lib.ids import new_secret

MOST_KEYS = 2
_PREFIX = "mk"


class TooManyKeys(Conflict):
    """The business has as many keys as there may be: revoke one first."""

    code = "too_many_keys"


@transaction.atomic
def create_magic_key(business: Business, *, by: Actor) -> tuple[MagicKey, str]:
    """Make a key; returns it and the secret, all of which signs, and which is not shown again. Raises TooManyKeys.

    A former key stays good until it is revoked, so that the business's programs can change over in between.
    """
    # The business's row is the lock: before its first key there is no other row that two makers would both take.
    Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    if MagicKey.objects.filter(business=business, revoked_at=None).count() >= MOST_KEYS:
        raise TooManyKeys("There are two keys already. Revoke the one that is no longer used.")
    secret = new_secret(_PREFIX)
    key = MagicKey.objects.create(
        business=business, prefix=secret[:8], sealed=encrypt(secret), created_by=by.label[:200]
    )
    record(Event.MAGIC_KEY_CREATED, key, by=by, data={"name": str(key)})
    return key, secret
