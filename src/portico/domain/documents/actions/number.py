from uuid import UUID

from portico.domain.documents.models import Sequence
from portico.domain.documents.queries import documents_named


def next_number(business_id: UUID, series: str, prefix: str) -> str:
    """Take the next number of a series (`INV-0001` with the prefix `INV-`), locked so that none is given twice.

    The number is lost with the caller's transaction, never with a failure after it.
    """
    rows = Sequence.objects.select_for_update().filter(business_id=business_id, series=series)
    sequence = rows.first()
    if sequence is None:
        Sequence.objects.get_or_create(business_id=business_id, series=series, defaults={"prefix": prefix})
        sequence = rows.get()
    number = str(sequence)
    while documents_named(business_id, series, number=number).exists():
        # Somebody else's numbers may run through our series; what is taken by hand is not given again.
        sequence.next_number += 1
        number = str(sequence)
    sequence.next_number += 1
    sequence.save(update_fields=["next_number"])
    return number
