from datetime import date
from typing import Annotated, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from portico.domain.ledger.queries import age, open_items_of_business
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, viewer_of
from portico.web.api.v1.fields import DayParameter, TextParameter
from portico.web.api.v1.pagination import refuse_unknown
from portico.web.api.v1.statements import known_currency

router = Router(tags=["Reports"])


class AgeingQuery(BaseModel):
    """Which day, in which currency."""

    as_of: Annotated[DayParameter, Field(description="Today when left out")] = None
    currency: Annotated[TextParameter, Field(description="The business's own when left out")] = ""


class BucketOut(TypedDict):
    """How many items, and their sum in minor units."""

    count: int
    amount: int


class AgeingOut(BaseModel):
    """What all customers owe, by age: a column each, named as in statements, that add up to the total."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "example": {
                "object": "ageing_report",
                "as_of": "2026-11-30",
                "currency": "EUR",
                "current": {"count": 1, "amount": 43522},
                "unapplied": {"count": 0, "amount": 0},
                "total": {"count": 1, "amount": 43522},
            }
        },
    )

    object: Literal["ageing_report"]
    as_of: date
    currency: str
    total: BucketOut
    __pydantic_extra__: dict[str, BucketOut]


@router.get("/ageing", auth=READ, response={200: AgeingOut}, summary="Read the ageing of all receivables")
def read_ageing(request: HttpRequest, query: Query[AgeingQuery]) -> HttpResponse:
    """What the business's customers owe in one currency on a day, by age."""
    viewer = viewer_of(request)
    refuse_unknown(request, query)
    today = viewer.business.today()
    currency = known_currency(query.currency or viewer.business.currency)
    as_of = query.as_of or today
    # A day that has not come yet reads like today, as statements do.
    items = open_items_of_business(viewer.business.pk, currency, min(as_of, today))
    buckets = age(items, viewer.business.edges)
    columns = {bucket.name: {"count": bucket.count, "amount": bucket.amount} for bucket in buckets}
    total = {"count": len(items), "amount": sum(bucket.amount for bucket in buckets)}
    return answer({"object": "ageing_report", "as_of": as_of, "currency": currency, **columns, "total": total})
