"""Finished pages, kept in this process's memory while they are asked for: the least recently used go first."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as it was written, with the headers it was answered with."""

    written: bytes
    headers: dict[str, str]


class KeptPages:
    """A store of pages by what they follow from; all of them together never take more than `room` bytes."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._taken = 0
        self._pages: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, facts: Hashable) -> Kept | None:
        """Return the page that follows from these facts, if it is kept."""
        with self._lock:
            found = self._pages.get(facts)
            if found is not None:
                self._pages.move_to_end(facts)
            return found

    def put(self, facts: Hashable, page: Kept) -> None:
        """Keep a page, in place of those that nobody has asked for longest; one larger than the store is not kept."""
        with self._lock:
            former = self._pages.pop(facts, None)
            self._taken -= len(former.written) if former else 0
            if len(page.written) > self._room:
                return
            self._pages[facts] = page
            self._taken += len(page.written)
            while self._taken > self._room:
                _facts, gone = self._pages.popitem(last=False)
                self._taken -= len(gone.written)
