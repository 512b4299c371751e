"""The one place where a document's totals are computed. Amounts are minor units; every step is rounded half-up.

Order: line = quantity x unit price; line discount on the line; line tax on the discounted line; document discount on
what the lines leave; document tax on what is left after that. No tax on tax. Prices may include their tax, which is
then taken out of them instead of put on top.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from portico.lib.errors import FieldError, Invalid
from portico.lib.money import MAX_AMOUNT, multiply, percent_of, round_to, to_minor

_MAX_LINES = 10_000


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount: `percent` of its base, or a fixed `amount` in minor units. Exactly one of them is set."""

    percent: Decimal | None = None
    amount: int | None = None

    def of(self, base: int) -> int:
        """Return the discount on `base`, in minor units."""
        if self.percent is not None:
            return percent_of(base, self.percent)
        return self.amount or 0


@dataclass(frozen=True, slots=True)
class LineInput:
    """A line as somebody writes it. `unit_price` is in major units of the currency, `tax_rate` in percent."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    discount: Discount | None = None
    tax_rate: Decimal | None = None
    details: str = ""
    unit: str = ""
    item_number: str = ""


@dataclass(frozen=True, slots=True)
class LineTotals:
    """A line worked out: `gross` before its discount, `amount` after it, and the tax on that."""

    gross: int
    discount: int
    amount: int
    tax: int


@dataclass(frozen=True, slots=True)
class TaxShare:
    """What is taxed at one rate and the tax it comes to. `of_document` tells the document's own tax from the lines'."""

    rate: Decimal
    taxable: int
    tax: int
    of_document: bool = False


@dataclass(frozen=True, slots=True)
class Totals:
    """A document worked out. `total = subtotal - discount + tax`, the tax left out when prices include it."""

    lines: list[LineTotals]
    subtotal: int
    line_discount: int
    document_discount: int
    tax: int
    total: int
    taxes: list[TaxShare] = field(default_factory=list)


def compute(
    lines: Sequence[LineInput],
    currency: str,
    *,
    discount: Discount | None = None,
    tax_rate: Decimal | None = None,
    prices_include_tax: bool = False,
) -> Totals:
    """Return the totals of a document.

    Raises Invalid, with the place, for amounts too large to keep or a discount larger than what it is taken from.
    """
    if len(lines) > _MAX_LINES:
        raise Invalid(f"A document has at most {_MAX_LINES} lines.", fields=[FieldError("/lines", "Too many lines.")])
    worked = [_line(line, index, currency, prices_include_tax) for index, line in enumerate(lines)]
    subtotal = sum(line.gross for line in worked)
    line_discount = sum(line.discount for line in worked)
    left = subtotal - line_discount
    document_discount = discount.of(left) if discount else 0
    _check_discount(document_discount, left, "/discount")
    left -= document_discount
    taxes = _by_rate(lines, worked)
    if tax_rate is not None:
        taxes.append(TaxShare(tax_rate, left, _tax(left, tax_rate, prices_include_tax), of_document=True))
    tax = sum(share.tax for share in taxes)
    total = left if prices_include_tax else left + tax
    _check_total(subtotal, total)
    return Totals(worked, subtotal, line_discount, document_discount, tax, total, taxes)


def _line(line: LineInput, index: int, currency: str, prices_include_tax: bool) -> LineTotals:
    try:
        gross = to_minor(multiply(line.quantity, line.unit_price), currency)
    except Invalid as error:
        fields = [FieldError(f"/lines/{index}", error.message)]
        raise Invalid(error.message, code=error.code, fields=fields) from error
    discount = line.discount.of(gross) if line.discount else 0
    _check_discount(discount, gross, f"/lines/{index}/discount")
    amount = gross - discount
    tax = _tax(amount, line.tax_rate, prices_include_tax) if line.tax_rate is not None else 0
    return LineTotals(gross, discount, amount, tax)


def _check_total(subtotal: int, total: int) -> None:
    if max(abs(subtotal), abs(total)) > MAX_AMOUNT:
        message = "The document comes to more than an amount can be."
        raise Invalid(message, code="amount_too_large", fields=[FieldError("/lines", message)])


def _check_discount(discount: int, base: int, pointer: str) -> None:
    if discount and (abs(discount) > abs(base) or discount * base < 0):
        message = "The discount is more than what it is taken from."
        raise Invalid(message, code="discount_too_large", fields=[FieldError(pointer, message)])


def _tax(base: int, rate: Decimal, included: bool) -> int:
    if not included:
        return percent_of(base, rate)
    net = int(round_to(Decimal(base) * 100 / (100 + rate), 0))
    return base - net


def _by_rate(lines: Sequence[LineInput], worked: Sequence[LineTotals]) -> list[TaxShare]:
    shares: dict[Decimal, TaxShare] = {}
    for line, totals in zip(lines, worked, strict=True):
        if line.tax_rate is not None:
            rate = line.tax_rate.normalize()
            before = shares.get(rate, TaxShare(rate, 0, 0))
            shares[rate] = TaxShare(rate, before.taxable + totals.amount, before.tax + totals.tax)
    return sorted(shares.values(), key=lambda share: share.rate)
