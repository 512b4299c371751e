from uuid import UUID

from django.db.models import QuerySet

from portico.domain.documents.errors import NumberTaken
from portico.domain.documents.models import Document, Sequence
from portico.lib.errors import FieldError


def next_number(business_id: UUID, series: str, prefix: str) -> str:
    """Take the next number of a series (`INV-0001` with the prefix `INV-`), locked so that none is given twice.

    The number is lost with the caller's transaction, never with a failure after it.
    """
    standing = Sequence.objects.select_for_update().filter(business_id=business_id, series=series)
    sequence = standing.first()
    if sequence is None:
        Sequence.objects.get_or_create(business_id=business_id, series=series, defaults={"prefix": prefix})
        sequence = standing.get()
    number = str(sequence)
    while _of(business_id, series, number=number).exists():
        # Somebody else's numbers may run through our series; what is taken by hand is not given again.
        sequence.next_number += 1
        number = str(sequence)
    sequence.next_number += 1
    sequence.save(update_fields=["next_number"])
    return number


def refuse_taken(business_id: UUID, kind: str, *, number: str = "", external_id: str = "") -> None:
    """Raise NumberTaken, naming the other document, when a number or external id is already used for the kind."""
    for field, value in (("number", number), ("external_id", external_id)):
        other = value and _of(business_id, kind, **{field: value}).first()
        if other:
            raise NumberTaken(
                f"{value} already stands for {other.public_id}, issued on {other.issued_on}.",
                fields=[FieldError(f"/{field}", f"Already used by {other.public_id}.")],
            )


def _of(business_id: UUID, kind: str, **name: str) -> QuerySet[Document]:
    # Said as the partial unique indexes say it, or SQLite would not use them.
    empty = dict.fromkeys(name, "")
    return Document.objects.filter(business_id=business_id, kind=kind, **name).exclude(**empty)
