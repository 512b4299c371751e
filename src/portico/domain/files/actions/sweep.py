from datetime import timedelta

from django.core.files.storage import Storage

from portico.domain.businesses.models import Business
from portico.domain.files.places import listed, places
from portico.domain.files.queries import known_contents
from portico.lib.clock import now

# Longer than any transaction: content younger than this may still get its row.
GRACE = timedelta(days=1)


def sweep_content() -> int:
    """Delete stored content that no file names, left behind by a change that was rolled back; returns how many.

    Only folders of businesses are looked into: what else is in a bucket may be somebody's.
    """
    return sum(_swept(storage) for storage in places())


def _swept(storage: Storage) -> int:
    swept = 0
    businesses = {str(key) for key in Business.objects.values_list("pk", flat=True)}
    for folder in businesses.intersection(listed(storage, "")[0]):
        known = known_contents(folder)
        for path in [f"{folder}/{name}" for name in listed(storage, folder)[1]]:
            if path not in known and storage.get_modified_time(path) < now() - GRACE:
                storage.delete(path)
                swept += 1
    return swept
