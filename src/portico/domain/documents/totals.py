"""The one place where a document's totals are computed. Amounts are minor units; every step is rounded half-up.

Order: line = quantity x unit price; line discount on the line; line tax on the discounted line; document discount on
what the lines leave; document tax on what is left after that. No tax on tax. Prices may include their tax, which is
then taken out of them instead of put on top. With VAT the document discount lowers the tax of the lines by rate, in
proportion: see `_lowered`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

from portico.domain.documents.tax_categories import UNTAXED
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
    """A line as somebody writes it. `unit_price` is in major units of the currency, `tax_rate` in percent.

    `tax_category` is a code of `tax_categories`; what is not taxed says why, in words or by a code of the VATEX list.
    """

    description: str
    quantity: Decimal
    unit_price: Decimal
    discount: Discount | None = None
    tax_rate: Decimal | None = None
    details: str = ""
    unit: str = ""
    item_number: str = ""
    tax_category: str = ""
    exemption_reason: str = ""
    exemption_code: str = ""
    period_start: date | None = None
    period_end: date | None = None


@dataclass(frozen=True, slots=True)
class LineTotals:
    """A line worked out: `gross` before its discount, `amount` after it, and the tax on that."""

    gross: int
    discount: int
    amount: int
    tax: int


@dataclass(frozen=True, slots=True)
class TaxShare:
    """What is taxed at one rate in one category and the tax it comes to; with the reasons why it is none.

    `of_document` tells the document's own tax from the lines'.
    """

    rate: Decimal
    taxable: int
    tax: int
    of_document: bool = False
    category: str = ""
    reasons: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


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
    discount_lowers_tax: bool = False,
) -> Totals:
    """Return the totals of a document. Its discount is taken off after the tax of the lines, or lowers that, too.

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
    if discount_lowers_tax and document_discount:
        taxes = _lowered(taxes, document_discount, left + document_discount, prices_include_tax)
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
    shares: dict[tuple[Decimal, str], TaxShare] = {}
    for line, totals in zip(lines, worked, strict=True):
        if line.tax_rate is None and line.tax_category not in UNTAXED:
            continue
        rate, category = (line.tax_rate or Decimal(0)).normalize(), line.tax_category
        before = shares.get((rate, category), TaxShare(rate, 0, 0, category=category))
        shares[rate, category] = replace(
            before,
            taxable=before.taxable + totals.amount,
            tax=before.tax + totals.tax,
            reasons=_with(before.reasons, line.exemption_reason),
            codes=_with(before.codes, line.exemption_code),
        )
    return sorted(shares.values(), key=lambda share: (share.rate, share.category))


def _lowered(taxes: list[TaxShare], discount: int, whole: int, included: bool) -> list[TaxShare]:
    """Return the taxes after a discount that is spread over the rates, and what has none, in proportion.

    As EN 16931 has it (BG-20): each rate's tax is that on what is left of it.
    """
    weights = [*(share.taxable for share in taxes), whole - sum(share.taxable for share in taxes)]
    left = [share.taxable - part for share, part in zip(taxes, _spread(discount, weights), strict=False)]
    return [
        replace(share, taxable=taxable, tax=_tax(taxable, share.rate, included))
        for share, taxable in zip(taxes, left, strict=True)
    ]


def _spread(amount: int, weights: Sequence[int]) -> list[int]:
    """Return an amount in parts by weight that add up to it: what is left over goes to the largest remainders."""
    exact = [Fraction(amount * weight, sum(weights)) for weight in weights]
    parts = [floor(part) for part in exact]
    order = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in order[: amount - sum(parts)]:
        parts[index] += 1
    return parts


def _with(texts: tuple[str, ...], text: str) -> tuple[str, ...]:
    return texts if not text or text in texts else (*texts, text)
