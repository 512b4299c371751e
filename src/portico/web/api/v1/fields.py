"""The kinds of values that programs send, each read strictly and described for OpenAPI."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainValidator,
    Strict,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_after_validator_function

from portico.domain.documents.deposit import Deposit
from portico.domain.documents.totals import Discount
from portico.lib.days import FIRST_DAY, LAST_DAY
from portico.lib.errors import Invalid
from portico.lib.money import MAX_AMOUNT, exponent
from portico.lib.one_line import CONTROL, is_blank

MAX_LINES = 10_000
MAX_ALLOCATIONS = 1_000

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
# NUL, which PostgreSQL's text can't hold, other control characters, and halves of surrogate pairs.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class OneOf:
    """An annotation: the text is one of these words, or empty."""

    words: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "enum": ["", *self.words]}

    def _check(self, value: str) -> str:
        if value and value not in self.words:
            raise PydanticCustomError("one_of", "Give one of {words}.", {"words": ", ".join(self.words)})
        return value


@dataclass(frozen=True, slots=True)
class SomeOf:
    """An annotation: the text is some of these words, parted by commas, or empty."""

    words: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        one = "|".join(self.words)
        return {"type": "string", "pattern": f"^(({one})(,({one}))*)?$"}

    def _check(self, value: str) -> str:
        if value and not set(value.split(",")) <= set(self.words):
            words = ", ".join(self.words)
            raise PydanticCustomError("some_of", "Give some of {words}, parted by commas.", {"words": words})
        return value


class Input(BaseModel):
    """A body that programs send: a field that nobody knows is a typing error, and is refused."""

    model_config = ConfigDict(extra="forbid")


def _readable(value: str) -> str:
    if _UNREADABLE.search(value):
        raise PydanticCustomError("unreadable", "The text holds a character that can't be kept.")
    return value


def _on_one_line(value: str) -> str:
    if CONTROL.search(value):
        raise PydanticCustomError("unreadable", "The text holds a line break or another character that can't be kept.")
    return value


def _trimmed(value: str) -> str:
    if value != value.strip():
        raise PydanticCustomError("blank", "Leave out the blanks before and after.")
    return value


def _said(value: str) -> str:
    if is_blank(value):
        raise PydanticCustomError("blank", "Give some text.")
    return value


def _currency(value: str) -> str:
    try:
        exponent(value)
    except Invalid as error:
        raise PydanticCustomError(error.code, "There is no such ISO 4217 currency code.") from error
    return value


def _day(value: object) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise PydanticCustomError("date", 'Give a date as "2026-01-31".')
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise PydanticCustomError("date", "There is no such day.") from error
    if not FIRST_DAY <= day <= LAST_DAY:
        raise PydanticCustomError("date", "Dates lie between 1900 and 2199.")
    return day


def _moment(value: object) -> datetime:
    text = value if isinstance(value, str) else ""
    try:
        moment = datetime.fromisoformat(text if len(text) != 10 else f"{text}T00:00:00Z")
    except ValueError as error:
        raise PydanticCustomError("moment", 'Give an instant as "2026-11-20T18:30:00Z".') from error
    if moment.tzinfo is None or not FIRST_DAY.year < moment.year < LAST_DAY.year:
        raise PydanticCustomError("moment", 'Give an instant with its offset, as "2026-11-20T18:30:00Z".')
    return moment


def _decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise PydanticCustomError(
            "decimal", 'Give a decimal as a string, for instance "19.5": numbers with a point are not exact in JSON.'
        )
    text = str(value)
    if not _DECIMAL.fullmatch(text):
        raise PydanticCustomError(
            "decimal", 'Give a decimal such as "1200.5", with at most 15 digits before and 15 after the point.'
        )
    if len(text.replace("-", "").replace(".", "").lstrip("0")) > 15:
        raise PydanticCustomError("decimal", "A decimal has at most 15 significant digits.")
    return Decimal(text)


def _percent(value: object) -> Decimal:
    rate = _decimal(value)
    if not 0 <= rate <= 100:
        raise PydanticCustomError("percent", 'A rate lies between 0 and 100: "19.5" is 19.5 %.')
    return rate


def _discount(value: object) -> Discount:
    if isinstance(value, dict) and len(value) == 1 and "percent" in value:
        return Discount(percent=_percent(value["percent"]))
    given = value["amount"] if isinstance(value, dict) and list(value) == ["amount"] else value
    if isinstance(given, str) and given is value:
        return Discount(percent=_percent(value))
    if isinstance(given, int) and not isinstance(given, bool) and abs(given) <= MAX_AMOUNT:
        return Discount(amount=given)
    raise PydanticCustomError(
        "discount", 'A discount is a percentage such as "2" or {"percent": "2"}, or an amount such as {"amount": 824}.'
    )


def _deposit(value: object) -> Deposit:
    try:
        asked = _discount(value)
    except PydanticCustomError as error:
        raise PydanticCustomError(
            "deposit", 'A deposit is a percentage such as {"percent": "30"}, or an amount such as {"amount": 50000}.'
        ) from error
    return Deposit(percent=asked.percent, amount=asked.amount)


def _none_when_empty(value: object) -> object:
    return None if value == "" else value


_DECIMAL_SCHEMA: dict[str, Any] = {
    "anyOf": [{"type": "string", "pattern": r"^-?[0-9]{1,15}(\.[0-9]{1,15})?$"}, {"type": "integer"}]
}
_PERCENT_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "pattern": r"^(100(\.0{1,12})?|[0-9]{1,2}(\.[0-9]{1,12})?)$"},
        {"type": "integer", "minimum": 0, "maximum": 100},
    ]
}
_AMOUNT_SCHEMA: dict[str, Any] = {"type": "integer", "minimum": -MAX_AMOUNT, "maximum": MAX_AMOUNT}
_DISCOUNT_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "pattern": r"^(100(\.0{1,12})?|[0-9]{1,2}(\.[0-9]{1,12})?)$", "description": "percent"},
        {**_AMOUNT_SCHEMA, "description": "an amount in minor units"},
        {
            "type": "object",
            "properties": {"percent": _PERCENT_SCHEMA},
            "required": ["percent"],
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {"amount": _AMOUNT_SCHEMA},
            "required": ["amount"],
            "additionalProperties": False,
        },
    ],
    "description": "Off what it stands beside: a percentage as a string, or an amount in minor units as an integer.",
    "examples": ["2", {"percent": "2"}, {"amount": 824}],
}

Text = Annotated[str, Strict(), AfterValidator(_readable)]
Said = Annotated[Text, AfterValidator(_said), Field(min_length=1)]
Line = Annotated[Text, AfterValidator(_on_one_line)]
Word = Annotated[Line, Field(max_length=60)]
Name = Annotated[Line, Field(max_length=200)]
Reference = Annotated[Line, Field(max_length=255)]
Passage = Annotated[Text, Field(max_length=10_000)]
Label = Annotated[Line, AfterValidator(_trimmed)]
Currency = Annotated[
    Text,
    AfterValidator(_currency),
    Field(min_length=3, max_length=3, pattern="^[A-Z]{3}$", description="ISO 4217", examples=["EUR"]),
]
Amount = Annotated[int, Strict(), Field(ge=-MAX_AMOUNT, le=MAX_AMOUNT, description="Minor units of the currency")]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
DecimalText = Annotated[Decimal, PlainValidator(_decimal), WithJsonSchema(_DECIMAL_SCHEMA)]
Percent = Annotated[Decimal, PlainValidator(_percent), WithJsonSchema(_PERCENT_SCHEMA)]
DiscountField = Annotated[Discount, PlainValidator(_discount), WithJsonSchema(_DISCOUNT_SCHEMA)]
DepositField = Annotated[
    Deposit,
    PlainValidator(_deposit),
    WithJsonSchema(
        _DISCOUNT_SCHEMA
        | {
            "description": "Of the total: a percentage as a string, or an amount in minor units as an integer.",
            "examples": [{"percent": "30"}, {"amount": 50000}],
        }
    ),
]
Flag = Annotated[bool, Strict()]

# Parameters of an address; `refuse_unknown` says of an empty one that it is empty.
DayParameter = Annotated[
    Day | None, BeforeValidator(_none_when_empty), WithJsonSchema({"type": "string", "format": "date"})
]
MomentParameter = Annotated[
    Annotated[datetime, BeforeValidator(_moment)] | None,
    BeforeValidator(_none_when_empty),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
TextParameter = Annotated[str, AfterValidator(_readable), Field(max_length=255)]


class VoidIn(Input):
    """Why something is voided."""

    reason: Reference | None = None
