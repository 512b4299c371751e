"""Finding documents by what they say: number, title, references, amount, and for staff the customer's name."""

from functools import reduce
from itertools import chain
from operator import or_

from django.db.models import Q, QuerySet

from portico.domain.access.viewer import CustomerViewer, Viewer
from portico.domain.documents.models import Document
from portico.domain.documents.queries import documents
from portico.domain.search.models import Group
from portico.domain.search.queries import found, matching, row_by_row, some
from portico.lib.folding import Term, search_terms

# How many documents are looked at where words are common, and of how many customers all of them. Of more keys SQLite
# thinks that they cost more than to read all rows of a business.
_CANDIDATES = 200
_FEW_CUSTOMERS = 20


def searched(rows: QuerySet[Document], viewer: Viewer, query: str) -> QuerySet[Document]:
    """Narrow documents that a viewer may see to those that a query finds; by customers too, where there are several."""
    for term in search_terms(query):
        rows = rows.filter(meeting(viewer, term) | _of_customers(viewer, term))
    return rows


def meeting(viewer: Viewer, term: Term) -> Q:
    """Return the condition that documents which a viewer may see have a term themselves."""
    ask = row_by_row if isinstance(viewer, CustomerViewer) else matching
    return ask(viewer.business.pk, Group.DOCUMENTS, term)


def first_found(viewer: Viewer, query: str, most: int) -> list[Document]:
    """Return the first documents that a query finds, with their customers."""
    rows = documents(viewer).select_related("customer")
    keys = found(viewer.business.pk, Group.DOCUMENTS, query, most)
    by_key = rows.in_bulk(keys)
    first = [by_key[key] for key in keys if key in by_key]
    terms = search_terms(query)
    if first or len(terms) < 2:
        return first
    # Words of the document beside words of its customer's name, which alone finds the customer.
    own = [meeting(viewer, term) for term in terms]
    rows = rows.filter(_candidates(viewer, terms), reduce(or_, own))
    for term, condition in zip(terms, own, strict=True):
        rows = rows.filter(condition | _of_customers(viewer, term))
    return list(rows.order_by("-issued_on", "-id")[:most])


def _candidates(viewer: Viewer, terms: tuple[Term, ...]) -> Q:
    """Return the condition that a document is among those looked at: of few customers, or the first of each term."""
    business = viewer.business.pk
    customers = [keys for term in terms if (keys := some(business, Group.CUSTOMERS, term, _FEW_CUSTOMERS + 1))]
    few = min(customers, key=len, default=[])
    first = sorted((some(business, Group.DOCUMENTS, term, _CANDIDATES) for term in terms), key=len)
    found = Q(pk__in=list(chain.from_iterable(first))[:_CANDIDATES])
    return found | Q(customer__in=few) if len(few) <= _FEW_CUSTOMERS else found


def _of_customers(viewer: Viewer, term: Term) -> Q:
    if isinstance(viewer, CustomerViewer):
        return Q(pk__in=[])
    return matching(viewer.business.pk, Group.CUSTOMERS, term, "customer_id")
