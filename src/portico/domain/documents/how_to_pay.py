"""Where the money for an invoice goes: what is valid now, whatever was printed when it was issued."""

from collections.abc import Iterable

from portico.domain.businesses.models import Business
from portico.domain.documents.models import Document


def how_to_pay(business: Business, document: Document) -> str:
    """Return the payment details an invoice of the business asks to be paid to; "" when nothing is owed on it.

    They are the business's own of today. An imported invoice keeps those that its file brought (another account, a
    payee, a reference), until the business sets its details after the import: what was said last is valid.
    """
    if not document.is_owed:
        return ""
    changed = business.bank_details_changed_at
    is_newer = bool(business.bank_details) and changed is not None and changed > document.created_at
    if document.source == "import" and document.payment_means and not is_newer:
        return document.payment_means
    return business.bank_details


def ways_to_pay(business: Business, documents: Iterable[Document]) -> dict[str, list[str]]:
    """Return the numbers of those invoices that are owed, by the payment details as `how_to_pay` has them."""
    found: dict[str, list[str]] = {}
    for document in documents:
        if document.is_owed:
            found.setdefault(how_to_pay(business, document), []).append(document.number)
    return found
