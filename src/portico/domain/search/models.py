from enum import StrEnum
from typing import ClassVar, NamedTuple
from uuid import UUID

from django.db import models
from django.db.models import F


class Group(StrEnum):
    """What a search finds, each with a letter of its own in the index."""

    CUSTOMERS = "c"
    DOCUMENTS = "d"
    PAYMENTS = "p"


class FoundAs(NamedTuple):
    """A row as a search finds it: where it belongs, which it is, and the words it has."""

    business: UUID
    group: Group
    subject: UUID
    words: set[str]


class SearchWord(models.Model):
    """A word of a customer, document or payment, folded.

    `key` is the business, the group and the word, as bytes: both databases order these alike, so that the words that
    begin like what was typed stand beside each other in one index, the newest subject first. A caller that reads
    subjects here looks them up through a query that takes the viewer.
    """

    key = models.BinaryField()
    subject = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(F("key"), F("subject").desc(), name="search_word_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["subject", "key"], name="search_words_of_subject")]

    def __str__(self) -> str:
        return bytes(self.key[_SCOPE:]).decode(errors="replace")


# The business's last eight bytes, which are random, and the letter of the group.
_SCOPE = 9


def key_of(business: UUID, group: Group, word: str) -> bytes:
    """Return the key of a word, or the start of the keys of all words that begin with it."""
    return business.bytes[-8:] + group.encode() + word.encode()


def word_of(key: bytes) -> str:
    """Return the word in a key."""
    return bytes(key[_SCOPE:]).decode()
