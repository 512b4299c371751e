"""Lists in pages: newest first, with a cursor that names the last row seen, so that new rows shift nothing."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.core import signing
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest
from pydantic import BaseModel, Field

from portico.domain.access.viewer import ApiViewer
from portico.lib.errors import FieldError, Invalid
from portico.web.api.v1.fields import TextParameter

# How long a date is in ISO 8601; an instant is longer.
_DAY = 10
# What narrows nothing.
_MAY_BE_EMPTY = {"cursor", "sort", "expand"}


class Filters(BaseModel):
    """What every list takes."""

    limit: Annotated[int, Field(ge=1, le=100, description="How many rows at most")] = 25
    cursor: Annotated[TextParameter, Field(max_length=400, description="`next_cursor` of the page before")] = ""


def refuse_unknown(request: HttpRequest, parameters: BaseModel) -> None:
    """Raise Invalid for parameters that would not be read as they are meant: a slip must not show everything.

    They are those that nobody knows, those given twice, of which one would count, and filters that are empty.
    """
    known = type(parameters).model_fields
    fields = [FieldError(f"/{name}", "There is no such parameter.") for name in request.GET if name not in known]
    if fields:
        raise Invalid(f"There is no parameter {fields[0].pointer[1:]}; there are {', '.join(known)}.", fields=fields)
    for name, values in request.GET.lists():
        if len(values) > 1:
            fields.append(FieldError(f"/{name}", "Give it once, with several values parted by commas."))
        elif not values[0] and name not in _MAY_BE_EMPTY:
            fields.append(FieldError(f"/{name}", "It is empty: leave it out, or say what is looked for."))
    if fields:
        raise Invalid(f"{fields[0].pointer[1:]}: {fields[0].message}", fields=fields)


def page[M: Model](
    rows: QuerySet[M], filters: Filters, *, viewer: ApiViewer, series: str, day: str = "", sort: str = ""
) -> tuple[list[M], str | None]:
    """Return one page of rows and the cursor of the next, if there is one.

    `series` names the list, so that one list's cursor is refused by another; `day` is the date column that comes
    before the key in the order. `sort` is another order, `column` or `-column`, with its own cursors; what has no value
    in it comes last. Raises Invalid for a cursor that is not from here.
    """
    order = sort or (f"-{day}" if day else "-")
    named = f":{sort}" if sort and sort != f"-{day}" else ""
    signer = signing.Signer(salt=f"cursor:{series}:{viewer.business.pk}{named}")
    column, descending = order.removeprefix("-"), order.startswith("-")
    nullable = bool(column) and rows.model._meta.get_field(column).null
    if filters.cursor:
        rows = rows.filter(_after(_read(filters.cursor, signer), column, descending, nullable))
    last = "-id" if descending else "id"
    by: list[str | OrderBy] = [F(column).desc(nulls_last=True) if descending else F(column).asc(nulls_last=True)]
    found = list(rows.order_by(*(by if nullable else [order] if column else []), last)[: filters.limit + 1])
    if len(found) <= filters.limit:
        return found, None
    end = found[filters.limit - 1]
    value = getattr(end, column) if column else None
    return found[: filters.limit], signer.sign_object([value.isoformat() if value else "", end.pk.hex])


def _read(cursor: str, signer: signing.Signer) -> tuple[str, UUID]:
    try:
        value, key = signer.unsign_object(cursor)
    except signing.BadSignature as error:
        text = "This cursor is not from this list. Use `next_cursor` as it was given."
        raise Invalid(text, code="invalid_cursor", fields=[FieldError("/cursor", text)]) from error
    return value, UUID(key)


def _after(place: tuple[str, UUID], column: str, descending: bool, nullable: bool) -> Q:
    text, key = place
    further = "lt" if descending else "gt"
    behind = Q(**{f"id__{further}": key})
    if not column:
        return behind
    if not text:
        return Q(**{column: None}) & behind
    value: Any = date.fromisoformat(text) if len(text) == _DAY else datetime.fromisoformat(text)
    after = Q(**{f"{column}__{further}e": value}) & (Q(**{f"{column}__{further}": value}) | behind)
    return after | Q(**{column: None}) if nullable else after
