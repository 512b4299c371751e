from django.db import transaction

from portico.domain.access.models import ServerKey
from portico.domain.access.secrets import key_id, server_keys
from portico.lib.errors import Conflict


class OtherKeys(Conflict):
    """The database was written with keys that the server does not have."""

    code = "other_keys"


@transaction.atomic
def recognize_keys(*, accept_others: bool = False) -> None:
    """Make sure that the server has one of the keys its database was written with, and note those it has now.

    A database that knows no key yet takes the server's. Raises OtherKeys, unless others are accepted.
    """
    known = set(ServerKey.objects.values_list("key_id", flat=True))
    here = {key_id(key) for key in server_keys()}
    if known and not known & here and not accept_others:
        raise OtherKeys("This database was written with other keys.")
    if known != here:
        ServerKey.objects.exclude(key_id__in=here).delete()
        ServerKey.objects.bulk_create([ServerKey(key_id=name) for name in here - known], ignore_conflicts=True)
