"""Lists in pages: newest first, with a cursor that names the last row seen, so that new rows shift nothing."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from pydantic import BaseModel, Field

from portico.domain.access.viewer import ApiViewer
from portico.lib.errors import FieldError, Invalid
from portico.web.api.v1.fields import TextParameter


class Filters(BaseModel):
    """What every list takes."""

    limit: Annotated[int, Field(ge=1, le=100, description="How many rows at most")] = 25
    cursor: Annotated[TextParameter, Field(max_length=400, description="`next_cursor` of the page before")] = ""


def refuse_unknown(request: HttpRequest, parameters: BaseModel) -> None:
    """Raise Invalid when an address has a parameter that nobody reads: a misspelt filter must not show everything."""
    known = type(parameters).model_fields
    fields = [FieldError(f"/{name}", "There is no such parameter.") for name in request.GET if name not in known]
    if fields:
        raise Invalid(f"There is no parameter {fields[0].pointer[1:]}; there are {', '.join(known)}.", fields=fields)


def page[M: Model](
    rows: QuerySet[M], filters: Filters, *, viewer: ApiViewer, series: str, day: str = ""
) -> tuple[list[M], str | None]:
    """Return one page of rows and the cursor of the next, if there is one.

    `series` names the list, so that one list's cursor is refused by another; `day` is the date column that comes
    before the key in the order. Raises Invalid for a cursor that is not from here.
    """
    signer = signing.Signer(salt=f"cursor:{series}:{viewer.business.pk}")
    if filters.cursor:
        rows = rows.filter(_after(_read(filters.cursor, signer), day))
    order = [f"-{day}", "-id"] if day else ["-id"]
    found = list(rows.order_by(*order)[: filters.limit + 1])
    if len(found) <= filters.limit:
        return found, None
    last = found[filters.limit - 1]
    place = [getattr(last, day).isoformat() if day else "", last.pk.hex]
    return found[: filters.limit], signer.sign_object(place)


def _read(cursor: str, signer: signing.Signer) -> tuple[str, UUID]:
    try:
        day, key = signer.unsign_object(cursor)
    except signing.BadSignature as error:
        text = "This cursor is not from this list. Use `next_cursor` as it was given."
        raise Invalid(text, code="invalid_cursor", fields=[FieldError("/cursor", text)]) from error
    return day, UUID(key)


def _after(place: tuple[str, UUID], column: str) -> Q:
    text, key = place
    if not column:
        return Q(id__lt=key)
    day: Any = date.fromisoformat(text)
    return Q(**{f"{column}__lte": day}) & (Q(**{f"{column}__lt": day}) | Q(id__lt=key))
