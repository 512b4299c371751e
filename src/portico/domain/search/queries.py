"""What a search finds, as keys of rows: the caller reads the rows through a query that takes the viewer."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from portico.domain.search.models import Group, SearchWord, key_of
from portico.lib.folding import Alternative, Term, search_terms

# A word that this many rows have says little: what else is asked for is looked for first.
_MANY = 500
# Where every word of a query is common, so many rows of the rarest are looked at.
_LOOKED_AT = 1000


def found(business: UUID, group: Group, query: str, most: int) -> list[UUID]:
    """Return the keys of at most `most` rows of a business that a query finds.

    Rows that have a word as it was typed come first, then the newest. Where every word of a query is common, it looks
    among the first rows of the rarest.
    """
    terms = search_terms(query)
    if not terms:
        return []
    first, *others = sorted(terms, key=lambda term: _rarity(business, group, term)) if len(terms) > 1 else terms
    subjects: dict[UUID, None] = {}
    for alternative in first:
        rows = _having(business, group, alternative)
        if others:
            rows = SearchWord.objects.filter(pk__in=rows.order_by("key", "-subject").values("pk")[:_LOOKED_AT])
        for term in others:
            rows = rows.filter(_meeting(business, group, term))
        subjects |= dict.fromkeys(rows.order_by("key", "-subject").values_list("subject", flat=True)[: 2 * most])
    return list(subjects)[:most]


def matching(business: UUID, group: Group, term: Term, column: str = "pk") -> Q:
    """Return the condition that what a column names meets a term: by its keys where few do, else row by row."""
    subjects = few(business, group, term)
    return (
        Q(_meeting(business, group, term, OuterRef(column))) if subjects is None else Q(**{f"{column}__in": subjects})
    )


def row_by_row(business: UUID, group: Group, term: Term) -> Q:
    """Return the same condition for rows that are few already, such as one customer's: no other row is looked at."""
    return _meeting(business, group, term, OuterRef("pk"))


def few(business: UUID, group: Group, term: Term) -> list[UUID] | None:
    """Return the keys of the rows that meet a term, or None when they are many."""
    subjects = some(business, group, term, _MANY + 1)
    return subjects if len(subjects) <= _MANY else None


def _rarity(business: UUID, group: Group, term: Term) -> tuple[int, bool]:
    """Return what terms are sorted by: digits part rows better than the letters that all numbers begin with."""
    return len(some(business, group, term, _MANY)), not any(part[0].isdigit() for part in term[0])


def some(business: UUID, group: Group, term: Term, most: int) -> list[UUID]:
    """Return the keys of at most `most` rows that meet a term: first those that have its word, then longer ones."""
    subjects: dict[UUID, None] = {}
    for alternative in term:
        # In this order, or PostgreSQL reads the whole table until it has met so many.
        rows = _having(business, group, alternative).order_by("key", "-subject")
        subjects |= dict.fromkeys(rows.values_list("subject", flat=True)[:most])
    return list(subjects)


def _having(business: UUID, group: Group, alternative: Alternative) -> QuerySet[SearchWord]:
    """Return the words that begin with the rarest part of an alternative, of rows that have the other parts too."""

    def commonness(part: str) -> tuple[int, bool, int]:
        rows = SearchWord.objects.filter(_begins(business, group, part)).order_by("key", "-subject")
        return len(rows.values_list("subject")[:_MANY]), not part[0].isdigit(), -len(part)

    rarest, *others = sorted(alternative, key=commonness) if len(alternative) > 1 else alternative
    rows = SearchWord.objects.filter(_begins(business, group, rarest))
    for part in others:
        rows = rows.filter(_of(OuterRef("subject"), business, group, part))
    return rows


def _meeting(business: UUID, group: Group, term: Term, subject: OuterRef | None = None) -> Q:
    subject = subject or OuterRef("subject")
    condition = Q()
    for alternative in term:
        every = Q()
        for part in alternative:
            every &= Q(_of(subject, business, group, part))
        condition |= every
    return condition


def _of(subject: OuterRef, business: UUID, group: Group, part: str) -> Exists:
    return Exists(SearchWord.objects.filter(_begins(business, group, part), subject=subject))


def _begins(business: UUID, group: Group, part: str) -> Q:
    start = key_of(business, group, part)
    # No byte of UTF-8 is as high as this.
    return Q(key__gte=start, key__lt=start + b"\xff")
