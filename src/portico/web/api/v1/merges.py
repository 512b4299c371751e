"""Making one customer of two, and taking that back."""

from datetime import datetime
from typing import Annotated, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import ConfigDict, Field

from portico.domain.access import queries as access
from portico.domain.merges.actions.merge_customers import merge_customers
from portico.domain.merges.actions.undo_merge import undo_merge
from portico.domain.merges.models import MAX_REASON, CustomerMerge
from portico.domain.merges.queries import merge as merge_of
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import WRITE, viewer_of
from portico.web.api.v1.fields import Input, Said, Text
from portico.web.api.v1.idempotency import IDEMPOTENT, idempotent

router = Router(tags=["Customers"])


class MergeIn(Input):
    """Which customer becomes part of the one in the address."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"customer": "acme-2"}]})

    customer: Annotated[Said, Field(max_length=255, description="Its id or external id")]
    reason: Annotated[Text, Field(max_length=MAX_REASON, description="Kept in the audit log")] = ""


class MergeOut(TypedDict):
    """That one customer became part of another."""

    object: Literal["merge"]
    id: str
    customer: Annotated[str, Field(description="Id of the customer that stays")]
    merged: Annotated[str, Field(description="Id of the one that became part of it")]
    merged_external_id: str | None
    created_at: datetime
    undo_until: datetime
    undone_at: datetime | None


@router.post(
    "/{path:customer}/merge",
    auth=WRITE,
    response={201: MergeOut},
    openapi_extra=IDEMPOTENT,
    summary="Merge a customer into this one",
)
@idempotent
def merge_customer(request: HttpRequest, customer: str, body: MergeIn) -> HttpResponse:
    """Move all that another customer has here, and let its ids, links and addresses lead here."""
    viewer = viewer_of(request)
    winner, loser = access.customer(viewer, customer), access.customer(viewer, body.customer)
    return answer(_out(merge_customers(loser, winner, by=viewer.actor, reason=body.reason)), 201)


@router.post(
    "/{path:customer}/merges/{str:merge}/undo",
    auth=WRITE,
    response={200: MergeOut},
    openapi_extra=IDEMPOTENT,
    summary="Undo a merge",
)
@idempotent
def undo_customer_merge(request: HttpRequest, customer: str, merge: str) -> HttpResponse:
    """Make two customers of one again, within a day. Again changes nothing."""
    viewer = viewer_of(request)
    access.customer(viewer, customer)
    return answer(_out(undo_merge(merge_of(viewer, merge), by=viewer.actor)))


def _out(merge: CustomerMerge) -> MergeOut:
    return {
        "object": "merge",
        "id": merge.public_id,
        "customer": merge.winner.public_id,
        "merged": merge.loser.public_id,
        "merged_external_id": merge.loser.external_id or None,
        "created_at": merge.made_at,
        "undo_until": merge.undo_until,
        "undone_at": merge.undone_at,
    }
