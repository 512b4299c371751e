"""What a line of an imported file says besides its figures: numbers, codes, what a price came from, lines below it."""

from collections.abc import Mapping
from typing import Annotated, Any, TypedDict

from pydantic import Field

from portico.domain.documents.models import Line
from portico.web.api.v1.document_parts import AllowanceOut, IdentifierOut, allowance_out, identifier_out


class SubLineOut(TypedDict):
    """A line below a line, whose sum is in that line's amount already. `level` is 1 for those right below it."""

    level: int
    label: str | None
    description: str
    quantity: str | None
    unit: str | None
    unit_price: str | None
    amount: int


class LinePartsOut(TypedDict):
    """What a line says besides its figures."""

    label: Annotated[str | None, Field(description="What the file calls it, where that is no plain number")]
    buyer_item_number: str | None
    standard_item_number: IdentifierOut | None
    classifications: list[IdentifierOut]
    origin_country: str | None
    order_line: Annotated[str | None, Field(description="The line of the customer's order")]
    accounting_reference: str | None
    invoiced_object: IdentifierOut | None
    gross_price: Annotated[str | None, Field(description="The price before `price_discount`, in major units")]
    price_discount: str | None
    allowances: list[AllowanceOut]
    sub_lines: list[SubLineOut]


def line_parts_out(line: Line) -> LinePartsOut:
    """Return what a line says besides its figures."""
    said = line.particulars
    return {
        "label": line.label or None,
        "buyer_item_number": said.get("buyer_item_number"),
        "standard_item_number": identifier_out(said.get("standard_item_number")),
        "classifications": [one for one in map(identifier_out, said.get("classifications", ())) if one],
        "origin_country": said.get("origin_country"),
        "order_line": said.get("order_line"),
        "accounting_reference": said.get("accounting_reference"),
        "invoiced_object": identifier_out(said.get("invoiced_object")),
        "gross_price": said.get("gross_price"),
        "price_discount": said.get("price_discount"),
        "allowances": [allowance_out(item) for item in said.get("allowances", ())],
        "sub_lines": [_sub_line(below) for below in said.get("lines", ())],
    }


def _sub_line(below: Mapping[str, Any]) -> SubLineOut:
    return {
        "level": below["level"],
        "label": below.get("label"),
        "description": below["description"],
        "quantity": below.get("quantity"),
        "unit": below.get("unit"),
        "unit_price": below.get("unit_price"),
        "amount": below["amount"],
    }
