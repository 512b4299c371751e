"""Keep the search index: in the transaction of the change itself, so that both are there or neither."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from portico.domain.search.models import FoundAs, Group, SearchWord, key_of

_BATCH = 2000


def add_words(found: FoundAs) -> None:
    """Add the words of a row that is new, or has more of them than before."""
    _insert([found])


def change_words(found: FoundAs) -> None:
    """Make the words of a row what they are now."""
    reindex([found])


def remove_words(found: FoundAs) -> None:
    """Forget a row that is gone."""
    SearchWord.objects.filter(subject=found.subject).delete()


def forget_others(business: UUID, group: Group, subjects: QuerySet[Any, Any]) -> int:
    """Forget the rows of a business's group that are not among `subjects` any more; return how many words they had."""
    start = key_of(business, group, "")
    return SearchWord.objects.filter(key__gte=start, key__lt=start + b"\xff").exclude(subject__in=subjects).delete()[0]


def reindex(rows: Iterable[FoundAs]) -> int:
    """Make the words of rows what they are now; return how many words that changed."""
    rows = list(rows)
    wanted = {(key_of(row.business, row.group, word), row.subject) for row in rows for word in row.words}
    kept = SearchWord.objects.filter(subject__in=[row.subject for row in rows])
    present = {(bytes(key), subject): pk for pk, key, subject in kept.values_list("pk", "key", "subject")}
    over = [pk for pair, pk in present.items() if pair not in wanted]
    if over:
        SearchWord.objects.filter(pk__in=over).delete()
    missing = sorted(wanted - present.keys())
    _create(SearchWord(key=key, subject=subject) for key, subject in missing)
    return len(over) + len(missing)


def _insert(rows: Iterable[FoundAs]) -> None:
    keys = sorted((key_of(row.business, row.group, word), row.subject) for row in rows for word in row.words)
    _create(SearchWord(key=key, subject=subject) for key, subject in keys)


def _create(words: Iterable[SearchWord]) -> None:
    rows = list(words)
    if rows:
        # A draft has most of its words before it is issued.
        SearchWord.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)
