import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

from django.core.files import File as DjangoFile
from django.core.files.storage import Storage

from portico.domain.businesses.models import Business
from portico.domain.files.content import pieces_of
from portico.domain.files.places import listed
from portico.domain.files.queries import Checksum, known_contents


@dataclass
class Moved:
    """What a move has done: how many contents and bytes went over, and why others did not, by their path."""

    count: int = 0
    size: int = 0
    left: dict[str, str] = field(default_factory=dict)


def move_contents(source: Storage, target: Storage, told: Callable[[Moved], None]) -> Moved:
    """Move every content from one storage to another, one after the other; `told` hears of each.

    A content leaves the source once the target's, read back, has the size and the hash that its row knows: a move may
    be ended at any moment, and begun again. Content that no row names stays.
    """
    moved = Moved()
    for folder in sorted(map(str, Business.objects.values_list("pk", flat=True))):
        known = known_contents(folder)
        here = {f"{folder}/{name}" for name in listed(source, folder)[1]}
        for path in sorted(here & known.keys()):
            _move(source, target, path, known[path], moved)
            told(moved)
        there = {f"{folder}/{name}" for name in listed(target, folder)[1]}
        if lost := known.keys() - here - there:
            # What was removed meanwhile is not missed.
            moved.left |= dict.fromkeys(lost & known_contents(folder).keys(), "it is in neither place")
    return moved


def _move(source: Storage, target: Storage, path: str, known: Checksum | None, moved: Moved) -> None:
    try:
        with source.open(path, "rb") as content:
            found = _checksum(content)
            if found != (known or found):
                moved.left[path] = "its content is not what was stored"
                return
            # A copy that is there already is from a move that was ended: a good one is not made again.
            if not (target.exists(path) and _kept(target, path) == found):
                target.delete(path)
                content.seek(0)
                target.save(path, DjangoFile(content))
    except FileNotFoundError:
        # Removed meanwhile, or moved by another.
        return
    if _kept(target, path) != found:
        moved.left[path] = "its copy is not what was stored"
        return
    source.delete(path)
    moved.count += 1
    moved.size += found.size


def _kept(storage: Storage, path: str) -> Checksum:
    with storage.open(path, "rb") as content:
        return _checksum(content)


def _checksum(content: IO[bytes]) -> Checksum:
    size, sha256 = 0, hashlib.sha256()
    for piece in pieces_of(content):
        size += len(piece)
        sha256.update(piece)
    return Checksum(size, sha256.hexdigest())
