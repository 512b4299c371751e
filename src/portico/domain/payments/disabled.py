"""Ways to pay that a business does not offer to a customer, or for a document."""

from collections.abc import Iterable

from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document


def disabled_methods(customer: Customer, documents: Iterable[Document] = ()) -> frozenset[str]:
    """Return the ways that a customer can't pay these documents together by."""
    return frozenset(customer.disabled_methods).union(*(row.disabled_methods for row in documents))
