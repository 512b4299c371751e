"""Where stored files are: in one place, or in two while they move from one to the other."""

from typing import IO, Any

from django.core.files.storage import Storage, storages

# The aliases in Django's STORAGES of the two places there can be; without a bucket there is the default alone.
FOLDER, BUCKET = "local", "s3"


class Places(Storage):
    """Files that are in either of two storages: a new one is kept in the first, an older one is found in both."""

    def __init__(self, first: str, second: str) -> None:
        self.first, self.second = first, second

    @property
    def storages(self) -> list[Storage]:
        """The two, that of new files first."""
        return [storages[self.first], storages[self.second]]

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return the name as it is: it is the key of a row, and no other content has it."""
        return name

    def _open(self, name: str, mode: str = "rb") -> IO[bytes]:
        first, second = self.storages
        for storage in (first, second):
            try:
                return storage.open(name, mode)
            except FileNotFoundError:
                continue
        # Once more: between the two looks it may have moved.
        return first.open(name, mode)

    def _save(self, name: str, content: Any) -> str:
        return self.storages[0].save(name, content)

    def delete(self, name: str) -> None:
        for storage in self.storages:
            storage.delete(name)

    def exists(self, name: str) -> bool:
        return any(storage.exists(name) for storage in self.storages)


def places() -> list[Storage]:
    """Return every storage that may hold files, that of new ones first."""
    storage = storages["default"]
    return storage.storages if isinstance(storage, Places) else [storage]


def listed(storage: Storage, path: str) -> tuple[list[str], list[str]]:
    """Return the folders and the files in a folder of a storage; of one that is not there, none."""
    try:
        return storage.listdir(path)
    except FileNotFoundError:
        return [], []


def bucket_refusal() -> str:
    """Return why the bucket that is set can't be used, where waiting does not mend it; else an empty text."""
    if BUCKET not in storages.backends:
        return ""
    bucket: Any = storages[BUCKET]
    return str(bucket.check())
