"""The history of the business, for programs: what happened to customers, documents and payments."""

from datetime import datetime
from typing import Annotated, Any, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from portico.domain.access.queries import customer as customer_of
from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.activity.queries import HistoryFilter, public_history
from portico.lib.errors import FieldError, Invalid
from portico.lib.ids import PREFIXES, parse_public_id, public_id
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, viewer_of
from portico.web.api.v1.fields import TextParameter
from portico.web.api.v1.pagination import Filters, page, refuse_unknown

router = Router(tags=["Events"])

_PUBLIC = sorted(event.value for event in Event if event.public)


class EventFilters(Filters):
    """What narrows the list."""

    type: Annotated[TextParameter, Field(description="An event's name, or its first word: `invoice`")] = ""
    about: Annotated[TextParameter, Field(description="The id of what it happened to")] = ""
    customer: Annotated[TextParameter, Field(description="The customer's id or external id")] = ""


class EventActor(TypedDict):
    """Who did it: `customer`, `staff`, `api`, `operator` (the command line) or `system`."""

    kind: str
    id: str | None
    name: str


class EventOut(TypedDict):
    """Something that happened. `data` differs by type."""

    object: Literal["event"]
    id: str
    type: Annotated[str, Field(json_schema_extra={"enum": _PUBLIC})]
    created_at: datetime
    actor: EventActor
    about: Annotated[str, Field(description="The id of what it happened to")]
    customer: Annotated[str | None, Field(description="The customer around whom it happened")]
    data: dict[str, Any]


class EventList(TypedDict):
    """One page of events, newest first."""

    object: Literal["list"]
    data: list[EventOut]
    next_cursor: str | None


@router.get("", auth=READ, response={200: EventList}, summary="List events")
def list_events(request: HttpRequest, filters: Query[EventFilters]) -> HttpResponse:
    """What happened to customers, documents and payments, the newest first."""
    viewer = viewer_of(request)
    refuse_unknown(request, filters)
    about = parse_public_id(filters.about, *PREFIXES) if filters.about else None
    if filters.about and about is None:
        text = "Give the id of something, such as inv_… or cus_…"
        raise Invalid(text, fields=[FieldError("/about", text)])
    around = customer_of(viewer, filters.customer).pk if filters.customer else None
    rows = public_history(viewer.business.pk, HistoryFilter(verb=filters.type, about=about), customer_id=around)
    found, cursor = page(rows, filters, viewer=viewer, series="events")
    body: EventList = {"object": "list", "data": [_out(row) for row in found], "next_cursor": cursor}
    return answer(body)


def _out(row: Activity) -> EventOut:
    return {
        "object": "event",
        "id": public_id("activity", row.pk),
        "type": row.verb,
        "created_at": row.at,
        "actor": {"kind": row.actor_kind, "id": row.actor_id or None, "name": row.actor_label},
        "about": row.subject.public_id,
        "customer": public_id("customer", row.customer_id) if row.customer_id else None,
        "data": row.data,
    }
