from datetime import date, datetime
from typing import Annotated, Any, Literal, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import ConfigDict, Field

from portico.domain.access.viewer import ApiViewer
from portico.domain.businesses.actions.change_profile import LAST_EDGE, MOST_DUE_DAYS, MOST_EDGES, TEXTS
from portico.domain.businesses.legal import missing_for_invoices
from portico.domain.businesses.models import Business, DiscountTax
from portico.domain.documents.actions.change_business import change_business
from portico.domain.documents.actions.number_series import LAST_NUMBER, LONGEST_PREFIX, MOST_DIGITS
from portico.domain.documents.kinds import Kind
from portico.domain.documents.numbering import Series, number_series
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import READ, WRITE, viewer_of
from portico.web.api.v1.bank_accounts import BankAccountOut, bank_accounts_out
from portico.web.api.v1.fields import Day, Flag, Input, Line, Name, OneOf, Text, Word

router = Router(tags=["Business"])

DISCOUNT_TAXES = tuple(DiscountTax.values)
KINDS = tuple(Kind.values)


class SeriesIn(Input):
    """How a kind of documents is numbered. What is left out stays."""

    prefix: Annotated[
        Annotated[Line, Field(max_length=LONGEST_PREFIX)] | None,
        Field(description="May hold the year, as {year} or {yy}", examples=["{year}-"]),
    ] = None
    next_number: Annotated[int, Field(strict=True, ge=1, le=LAST_NUMBER)] | None = None
    padding: Annotated[
        Annotated[int, Field(strict=True, ge=1, le=MOST_DIGITS)] | None, Field(description="The least number of digits")
    ] = None
    yearly: Annotated[Flag | None, Field(description="Begin at 1 in every year")] = None


class NumberSeriesIn(Input):
    """The number series by kind of document."""

    invoice: SeriesIn | None = None
    estimate: SeriesIn | None = None
    credit_note: SeriesIn | None = None
    sales_order: SeriesIn | None = None


class BusinessIn(Input):
    """What changes of the business. Fields that are left out stay as they are; null or "" empties them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "legal_name": "Nordlicht Studio GmbH",
                    "line1": "Speicherstr. 14",
                    "postal_code": "20457",
                    "city": "Hamburg",
                    "tax_id": "DE811569869",
                    "registration_court": "Amtsgericht Hamburg",
                    "registration_number": "HRB 107221",
                    "directors": "Ida Lund",
                    "default_due_days": 14,
                }
            ]
        }
    )

    name: Name | None = None
    legal_name: Name | None = None
    line1: Name | None = None
    line2: Name | None = None
    postal_code: Annotated[Line, Field(max_length=30)] | None = None
    city: Annotated[Line, Field(max_length=120)] | None = None
    region: Annotated[Line, Field(max_length=120)] | None = None
    country: Annotated[Annotated[Line, Field(max_length=2)] | None, Field(description="ISO 3166")] = None
    tax_id: Annotated[Word | None, Field(description="VAT number, or what the country has instead")] = None
    tax_number: Annotated[Word | None, Field(description="Of the tax office, where it is no VAT number")] = None
    registration_number: Word | None = None
    registration_court: Annotated[Line, Field(max_length=120)] | None = None
    directors: Annotated[Text, Field(max_length=300)] | None = None
    legal_note: Annotated[
        Annotated[Text, Field(max_length=500)] | None, Field(description="What else stands at the foot of documents")
    ] = None
    email: Annotated[Line, Field(max_length=254)] | None = None
    phone: Word | None = None
    website: Name | None = None
    terms_url: Name | None = None
    privacy_url: Name | None = None
    language: Annotated[
        Annotated[Line, Field(max_length=10)] | None,
        Field(description="Of customers that have none, such as de or pt-BR"),
    ] = None
    default_due_days: Annotated[
        Annotated[int, Field(strict=True, ge=0, le=MOST_DUE_DAYS)] | None,
        Field(description="Invoices that name no due date fall due so many days after their date"),
    ] = None
    default_terms: Annotated[
        Annotated[Text, Field(max_length=2000)] | None, Field(description="Terms of invoices that name none")
    ] = None
    default_prices_include_tax: Flag | None = None
    discount_tax: Annotated[
        Annotated[Text, OneOf(DISCOUNT_TAXES)] | None,
        Field(description="Whether a discount on a whole document lowers its tax; empty: as usual in the country"),
    ] = None
    ageing_edges: Annotated[
        Annotated[list[Annotated[int, Field(strict=True, ge=1, le=LAST_EDGE)]], Field(max_length=MOST_EDGES)] | None,
        Field(description="The last day of each column of the ageing; empty: 30, 60, 90"),
    ] = None
    lock_date: Annotated[Day | None, Field(description="Books are closed up to this day; null opens all of them")] = (
        None
    )
    number_series: NumberSeriesIn | None = None


class SeriesOut(TypedDict):
    """How a kind of documents is numbered, and the next number."""

    prefix: str
    next_number: int
    padding: int
    yearly: bool
    preview: str


class BusinessOut(TypedDict):
    """The business whose key is used. `missing` names what its country's law asks for on an invoice, and is empty."""

    object: Literal["business"]
    id: str
    slug: str
    name: str
    legal_name: str | None
    line1: str | None
    line2: str | None
    postal_code: str | None
    city: str | None
    region: str | None
    country: str
    currency: str
    time_zone: str
    language: str | None
    tax_id: str | None
    tax_number: str | None
    registration_number: str | None
    registration_court: str | None
    directors: str | None
    legal_note: str | None
    email: str | None
    phone: str | None
    website: str | None
    terms_url: str | None
    privacy_url: str | None
    default_due_days: int | None
    default_terms: str | None
    default_prices_include_tax: bool
    discount_tax: Annotated[str, Field(json_schema_extra={"enum": list(DISCOUNT_TAXES)})]
    ageing_edges: list[int]
    lock_date: date | None
    number_series: Annotated[dict[str, SeriesOut], Field(json_schema_extra={"propertyNames": {"enum": list(KINDS)}})]
    bank_accounts: list[BankAccountOut]
    missing: list[str]
    created_at: datetime


@router.get("", auth=READ, response={200: BusinessOut}, summary="Read the business")
def read_business(request: HttpRequest) -> HttpResponse:
    """The business that the key belongs to: what its documents say of it, and what its documents begin with."""
    return answer(business_out(viewer_of(request).business))


@router.patch("", auth=WRITE, response={200: BusinessOut}, summary="Change the business")
def update_business(request: HttpRequest, body: BusinessIn) -> HttpResponse:
    """Change parts of the business, all or nothing. Documents that were written before keep what they say."""
    viewer = viewer_of(request)
    changed = change_business(viewer.business, _changes(body), series=_series(viewer, body), by=viewer.actor)
    return answer(business_out(changed))


def _changes(body: BusinessIn) -> dict[str, Any]:
    """Return what was sent, with nothing for null: texts are empty, and numbers and days are none."""
    sent = body.model_dump(exclude_unset=True, exclude={"number_series"})
    empty: dict[str, Any] = dict.fromkeys(TEXTS, "") | {"ageing_edges": [], "default_prices_include_tax": False}
    return {name: empty.get(name) if value is None else value for name, value in sent.items()}


def _series(viewer: ApiViewer, body: BusinessIn) -> list[Series]:
    sent = body.number_series.model_dump(exclude_none=True) if body.number_series else {}
    if not sent:
        return []
    known = {series.kind: series for series in number_series(viewer.business)}
    found = []
    for kind, parts in sent.items():
        now = known[Kind(kind)]
        kept = {name: getattr(now, name) for name in ("prefix", "next_number", "padding", "yearly")}
        found.append(Series(now.kind, **{**kept, **parts}))
    return found


def business_out(business: Business) -> BusinessOut:
    """Return a business as it reads."""
    year = business.today().year
    texts = {name: getattr(business, name) or None for name in TEXTS if name not in {"name", "country", "discount_tax"}}
    known: Any = {
        "object": "business",
        "id": business.public_id,
        "slug": business.slug,
        "name": business.name,
        "country": business.country,
        "currency": business.currency,
        "time_zone": business.time_zone,
        **texts,
        "default_due_days": business.default_due_days,
        "default_prices_include_tax": business.default_prices_include_tax,
        "discount_tax": (DiscountTax.BEFORE if business.discounts_lower_tax else DiscountTax.AFTER).value,
        "ageing_edges": list(business.edges),
        "lock_date": business.lock_date,
        "number_series": {
            series.kind.value: {
                "prefix": series.prefix,
                "next_number": series.next_number,
                "padding": series.padding,
                "yearly": series.yearly,
                "preview": series.preview(year)[0],
            }
            for series in number_series(business)
        },
        "bank_accounts": bank_accounts_out(business),
        "missing": list(missing_for_invoices(business)),
        "created_at": business.created_at,
    }
    result: BusinessOut = known
    return result
