from typing import Annotated, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import ConfigDict, Field

from portico.domain.businesses.actions.change_texts import change_texts
from portico.domain.businesses.models import Business
from portico.domain.businesses.texts import BY_LANGUAGE
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, WRITE, viewer_of
from portico.web.api.v1.fields import Input, Text

router = Router(tags=["Business"])


class TextsIn(Input):
    """What the business says in a language. Fields that are left out stay; null or "" says it as in all others."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"default_terms": "Zahlbar innerhalb von 14 Tagen."}]})

    welcome_message: Annotated[
        Annotated[Text, Field(max_length=500)] | None, Field(description="On top of the customer's first page")
    ] = None
    default_terms: Annotated[
        Annotated[Text, Field(max_length=2000)] | None, Field(description="Terms of invoices that name none")
    ] = None
    legal_note: Annotated[
        Annotated[Text, Field(max_length=500)] | None, Field(description="What else stands at the foot of documents")
    ] = None


class TextsOut(TypedDict):
    """What the business says in a language; null: what it says in all others."""

    object: Literal["texts"]
    language: str
    welcome_message: str | None
    default_terms: str | None
    legal_note: str | None


class TextsList(TypedDict):
    """The languages in which the business says something of its own: all of them on one page."""

    object: Literal["list"]
    data: list[TextsOut]
    next_cursor: None


@router.get("/texts", auth=READ, response={200: TextsList}, summary="List texts by language")
def list_texts(request: HttpRequest) -> HttpResponse:
    """What the business says to readers of some languages alone."""
    business = viewer_of(request).business
    data = [_texts_out(business, language) for language in sorted(business.texts)]
    body: TextsList = {"object": "list", "data": data, "next_cursor": None}
    return answer(body)


@router.patch("/texts/{str:language}", auth=WRITE, response={200: TextsOut}, summary="Change texts of a language")
def update_texts(request: HttpRequest, language: str, body: TextsIn) -> HttpResponse:
    """Say something else to readers of a language. Documents that were written before keep what they say."""
    viewer = viewer_of(request)
    sent = {name: value or "" for name, value in body.model_dump(exclude_unset=True).items()}
    return answer(_texts_out(change_texts(viewer.business, language, sent, by=viewer.actor), language))


def _texts_out(business: Business, language: str) -> TextsOut:
    kept = business.texts.get(language, {})
    said = {name: kept.get(name) for name in BY_LANGUAGE}
    result: TextsOut = {"object": "texts", "language": language, **said}  # type: ignore[typeddict-item]  # by name
    return result
