from uuid import UUID

from portico.domain.businesses.models import Business
from portico.domain.documents.models import Sequence
from portico.domain.documents.numbering import names_year, written
from portico.domain.documents.queries import documents_named


def next_number(business_id: UUID, series: str, prefix: str, *, is_free: bool = False) -> str:
    """Take the next number of a series (`INV-0001` with the prefix `INV-`), locked so that none is given twice.

    With `is_free` it is not looked for among the documents first: the caller does so if it turns out to be taken.

    The number is lost with the caller's transaction, never with a failure after it.
    """
    rows = Sequence.objects.select_for_update().filter(business_id=business_id, series=series)
    sequence = rows.first()
    if sequence is None:
        Sequence.objects.get_or_create(business_id=business_id, series=series, defaults={"prefix": prefix})
        sequence = rows.get()
    year = _begin_year(sequence) if sequence.yearly or names_year(sequence.prefix) else 0
    number = _written(sequence, year)
    while not is_free and documents_named(business_id, series, number=number).exists():
        # Somebody else's numbers may run through our series; what is taken by hand is not given again.
        sequence.next_number += 1
        number = _written(sequence, year)
    sequence.next_number += 1
    sequence.save(update_fields=["next_number", "year"])
    return number


def _begin_year(sequence: Sequence) -> int:
    """Return the year it is for the business; a yearly series begins at 1 when it is another than the last number's."""
    year = Business.objects.get(pk=sequence.business_id).today().year
    if sequence.yearly and sequence.year != year:
        sequence.next_number, sequence.year = 1, year
    return year


def _written(sequence: Sequence, year: int) -> str:
    return written(sequence.prefix, sequence.next_number, sequence.padding, year)
