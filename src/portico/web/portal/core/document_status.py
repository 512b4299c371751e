"""A document's state as its customer reads it."""

from datetime import date

from portico.domain.documents.models import Document, Listed
from portico.web.shared.status import Tag, document_tag, plain_tag


def tag_of(row: Document | Listed, today: date, *, under_way: bool = False) -> Tag:
    """Return the tag of a document on the business's day; `under_way` says that a payment is collected for it."""
    if under_way and row.is_owed:
        return plain_tag("processing")
    return document_tag(
        row.status(today), today=today, due_on=row.due_on, payable=row.payable, open_amount=row.open_amount
    )
