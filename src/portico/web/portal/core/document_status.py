"""A document's state as its customer reads it."""

from datetime import date

from portico.domain.documents.models import Document, Listed
from portico.web.shared.status import Tag, document_tag


def tag_of(row: Document | Listed, today: date) -> Tag:
    """Return the tag of a document on the business's day."""
    return document_tag(
        row.status(today), today=today, due_on=row.due_on, payable=row.payable, open_amount=row.open_amount
    )
