from datetime import timedelta

from django.core.files.storage import default_storage

from portico.domain.files.models import File
from portico.lib.clock import now

# Longer than any transaction: content younger than this may still get its row.
GRACE = timedelta(days=1)


def sweep_content() -> int:
    """Delete stored content that no file names, left behind by a change that was rolled back; returns how many."""
    swept = 0
    if not default_storage.exists(""):
        return swept
    for folder in default_storage.listdir("")[0]:
        names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
        known = set(File.objects.filter(path__startswith=f"{folder}/").values_list("path", flat=True))
        for path in names:
            if path not in known and default_storage.get_modified_time(path) < now() - GRACE:
                default_storage.delete(path)
                swept += 1
    return swept
