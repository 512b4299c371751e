"""Finds customers that imports may have made of several buyers."""

from dataclasses import dataclass
from uuid import UUID

from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document
from portico.intake.identity import same_electronic_address
from portico.intake.parsed import Identifier


@dataclass(frozen=True, slots=True)
class Doubt:
    """A customer with documents whose files name buyers with different electronic addresses of one scheme."""

    customer: Customer
    by_address: dict[Identifier, list[Document]]


def doubtful_customers(business_id: UUID | None = None) -> list[Doubt]:
    """Return the customers of one business, or of all, whose imported documents contradict each other.

    Each document keeps the buyer as its file has it. One whose file named no electronic address is passed over.
    """
    rows = Document.objects.filter(source="import", buyer__has_key="endpoint")
    if business_id is not None:
        rows = rows.filter(business=business_id)
    rows = rows.only("customer", "kind", "number", "buyer").order_by("business", "customer", "id")
    kept: dict[UUID, dict[Identifier, list[Document]]] = {}
    for document in rows.iterator():
        _add(kept.setdefault(document.customer_id, {}), document)
    doubtful = {key: _contradicting(by_address) for key, by_address in kept.items()}
    customers = Customer.objects.select_related("business").in_bulk([key for key, found in doubtful.items() if found])
    return [Doubt(customers[key], found) for key, found in doubtful.items() if found]


def _add(by_address: dict[Identifier, list[Document]], document: Document) -> None:
    address = Identifier(document.buyer["endpoint"]["value"], document.buyer["endpoint"]["scheme"])
    same = next((known for known in by_address if same_electronic_address(known, address)), address)
    by_address.setdefault(same, []).append(document)


def _contradicting(by_address: dict[Identifier, list[Document]]) -> dict[Identifier, list[Document]]:
    schemes = [_scheme(address) for address in by_address]
    return {address: rows for address, rows in by_address.items() if schemes.count(_scheme(address)) > 1}


def _scheme(address: Identifier) -> str:
    return address.scheme.strip().upper()
