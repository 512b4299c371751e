"""What the law of the seller's country would miss on an invoice: warned of, and never refused."""

from dataclasses import dataclass
from decimal import Decimal

from portico.domain.businesses.legal import asks_for_reasons, missing_for_invoices
from portico.domain.businesses.models import Business
from portico.domain.documents.models import Document
from portico.domain.documents.parties import PARTY_FIELDS


@dataclass(frozen=True, slots=True)
class LegalWarning:
    """Something a paper lacks; `fields` are those of the business that were empty when it was written."""

    message: str
    fields: tuple[str, ...] = ()


def legal_warnings(document: Document) -> list[LegalWarning]:
    """Return what an invoice or credit note lacks, read from its row alone."""
    seller = document.seller
    if not document.sign or document.source == "import" or not seller.get("country"):
        return []
    found = []
    known = {name: seller.get(name, "") for name in PARTY_FIELDS if name != "contact"}
    missing = missing_for_invoices(Business(**known))
    if missing:
        message = f"The law of {seller['country']} asks for more about the seller: {', '.join(missing)}."
        found.append(LegalWarning(message, missing))
    untold = [row for row in document.breakdown if not row.get("category") and not Decimal(row.get("rate") or 1)]
    if untold and asks_for_reasons(seller["country"]):
        found.append(LegalWarning("A rate of 0 % needs its reason: give its lines a tax category."))
    return found
