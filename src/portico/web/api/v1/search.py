"""One search over customers, documents and payments."""

from typing import Annotated, Literal, TypedDict

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from portico.domain.customers.models import Customer
from portico.domain.documents.models import Document, Kind
from portico.domain.payments.models import Payment
from portico.domain.payments.search import search
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, viewer_of
from portico.web.api.v1.fields import TextParameter
from portico.web.api.v1.pagination import refuse_unknown

router = Router(tags=["Search"])

_KINDS = ("customer", *Kind, "payment")


class SearchQuery(BaseModel):
    """What is looked for."""

    q: Annotated[TextParameter, Field(min_length=1, max_length=200, description="As people type it")]
    limit: Annotated[int, Field(ge=1, le=100, description="How many customers, documents and payments, each")] = 25


class FoundOut(TypedDict):
    """Something that was found. `name` is the customer's; `number` is null for customers and drafts without one.

    `url` is where the API answers with all of it.
    """

    object: Literal["search_result"]
    kind: Annotated[str, Field(json_schema_extra={"enum": list(_KINDS)})]
    id: str
    external_id: str | None
    number: str | None
    name: str
    customer: str
    amount: int | None
    currency: str | None
    url: str


class FoundList(TypedDict):
    """What was found: customers, then documents, then payments.

    A search has one page, so the cursor is null; `has_more` where there were more than the limit of any.
    """

    object: Literal["list"]
    data: list[FoundOut]
    has_more: bool
    next_cursor: None


@router.get("", auth=READ, response={200: FoundList}, summary="Search everything")
def search_everything(request: HttpRequest, query: Query[SearchQuery]) -> HttpResponse:
    """Customers, documents and payments that have all words of the query, in any case and with or without accents."""
    viewer = viewer_of(request)
    refuse_unknown(request, query)
    most = query.limit
    found = search(viewer, query.q, most + 1)
    body: FoundList = {
        "object": "list",
        "data": [
            *(_out("customer", row, row, "", None, None) for row in found.customers[:most]),
            *(
                _out(row.kind, row, row.customer, row.number, row.payable, row.currency)
                for row in found.documents[:most]
            ),
            *(
                _out("payment", row, row.customer, row.number, row.amount, row.currency)
                for row in found.payments[:most]
            ),
        ],
        "has_more": any(len(rows) > most for rows in (found.customers, found.documents, found.payments)),
        "next_cursor": None,
    }
    return answer(body)


def _out(
    kind: str,
    row: Customer | Document | Payment,
    customer: Customer,
    number: str,
    amount: int | None,
    currency: str | None,
) -> FoundOut:
    return {
        "object": "search_result",
        "kind": kind,
        "id": row.public_id,
        "external_id": row.external_id or None,
        "number": number or None,
        "name": customer.name,
        "customer": customer.public_id,
        "amount": amount,
        "currency": currency,
        "url": f"{settings.PORTICO_BASE_URL}/api/v1/{kind}s/{row.public_id}",
    }
