from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.domain.documents.totals import Discount, LineInput, Totals, compute
from portico.lib.errors import Invalid


def percent(text: str) -> Discount:
    return Discount(percent=Decimal(text))


def line(price: str, quantity: str = "1", discount: Discount | None = None, tax: str | None = None) -> LineInput:
    return LineInput("Work", Decimal(quantity), Decimal(price), discount, Decimal(tax) if tax else None)


def test_discounts_and_taxes_of_line_and_document_in_order() -> None:
    totals = compute(
        [line("412.00", discount=percent("2"), tax="4")], "EUR", discount=percent("3"), tax_rate=Decimal(7)
    )
    assert (totals.line_discount, totals.lines[0].tax) == (824, 1615)
    assert (totals.document_discount, totals.taxes[-1].tax) == (1211, 2742)
    assert (totals.subtotal, totals.tax, totals.total) == (41200, 4357, 43522)


@pytest.mark.parametrize(
    ("price", "quantity", "currency", "gross"),
    [
        ("0.125", "1", "EUR", 13),
        ("-0.125", "1", "EUR", -13),
        ("0.124999999999999", "1", "EUR", 12),
        ("1.5", "1", "JPY", 2),
        ("0.5005", "1", "KWD", 501),
        ("0.00005", "1", "CLF", 1),
        ("0.3333", "3", "EUR", 100),
        ("99999999999.99", "9", "EUR", 89999999999991),
    ],
)
def test_a_line_is_rounded_half_up_in_its_currency(price: str, quantity: str, currency: str, gross: int) -> None:
    assert compute([line(price, quantity)], currency).total == gross


def test_a_line_too_large_is_refused_with_its_place() -> None:
    with pytest.raises(Invalid) as refusal:
        compute([line("1"), line("999999999999999", "999999999999")], "EUR")
    assert refusal.value.fields[0].pointer == "/lines/1"


@pytest.mark.parametrize("discount", [Discount(amount=10001), Discount(percent=Decimal("100.1")), Discount(amount=-1)])
def test_a_discount_larger_than_its_base_is_refused(discount: Discount) -> None:
    with pytest.raises(Invalid) as refusal:
        compute([line("100.00", discount=discount)], "EUR")
    assert refusal.value.fields[0].pointer == "/lines/0/discount"


def test_prices_with_tax_keep_their_total() -> None:
    totals = compute([line("119.00", tax="19"), line("10.70", tax="7")], "EUR", prices_include_tax=True)
    assert totals.total == 12970
    assert [(share.rate, share.tax) for share in totals.taxes] == [(Decimal(7), 70), (Decimal(19), 1900)]


rates = st.decimals("0", "30", places=2)
prices = st.decimals("-5000", "5000", places=4)
discounts = st.none() | st.builds(Discount, percent=st.decimals("0", "100", places=2))
lines = st.builds(
    LineInput,
    description=st.just("Work"),
    quantity=st.decimals("0", "99", places=3),
    unit_price=prices,
    discount=discounts,
    tax_rate=st.none() | rates,
)


@given(
    lines=st.lists(lines, min_size=1, max_size=8), discount=discounts, rate=st.none() | rates, included=st.booleans()
)
def test_the_parts_add_up(
    lines: list[LineInput], discount: Discount | None, rate: Decimal | None, included: bool
) -> None:
    totals = compute(lines, "EUR", discount=discount, tax_rate=rate, prices_include_tax=included)
    assert totals.subtotal == sum(line.gross for line in totals.lines)
    assert all(line.gross - line.discount == line.amount for line in totals.lines)
    left = totals.subtotal - totals.line_discount - totals.document_discount
    assert totals.total == (left if included else left + totals.tax)
    assert totals.tax == sum(share.tax for share in totals.taxes)
    by_line = sum(line.tax for line in totals.lines)
    assert by_line == sum(share.tax for share in totals.taxes if not share.of_document)


def discounted(lines: list[LineInput], amount: int, **options: Any) -> Totals:
    return compute(lines, "EUR", discount=Discount(amount=amount), discount_lowers_tax=True, **options)


def test_discount_lowers_the_tax_where_there_is_vat() -> None:
    """45 x 3 with 21 %, less 60: the tax is that on 75."""
    totals = discounted([LineInput("Work", Decimal(3), Decimal(45), tax_rate=Decimal(21))], 6000)
    assert (totals.tax, totals.total) == (1575, 9075)
    assert [(share.taxable, share.tax) for share in totals.taxes] == [(7500, 1575)]


def test_discount_is_spread_over_the_rates_to_the_cent() -> None:
    lines = [LineInput("A", Decimal(1), Decimal("33.33"), tax_rate=Decimal(rate)) for rate in (7, 19)]
    totals = discounted([*lines, LineInput("A", Decimal(1), Decimal("33.33"))], 1000)
    assert [(share.rate, share.taxable) for share in totals.taxes] == [(Decimal(7), 2999), (Decimal(19), 3000)]
    assert (totals.tax, totals.total) == (210 + 570, 8999 + 780)


def test_discount_out_of_prices_with_tax_takes_its_tax_along() -> None:
    lines = [LineInput("A", Decimal(1), Decimal("119"), tax_rate=Decimal(19))]
    totals = discounted(lines, 1190, prices_include_tax=True)
    assert (totals.total, totals.tax) == (10710, 1710)


@given(st.lists(st.tuples(st.integers(0, 99_999), st.sampled_from([None, 7, 19, 21])), min_size=1), st.integers(0, 100))
def test_what_is_taxed_and_what_is_not_add_up_after_a_discount(
    rows: list[tuple[int, int | None]], percent: int
) -> None:
    lines = [
        LineInput("A", Decimal(1), Decimal(cents) / 100, tax_rate=None if rate is None else Decimal(rate))
        for cents, rate in rows
    ]
    totals = compute(lines, "EUR", discount=Discount(percent=Decimal(percent)), discount_lowers_tax=True)
    taxable = sum(share.taxable for share in totals.taxes)
    left = totals.subtotal - totals.document_discount
    assert 0 <= taxable <= left
    if all(rate is not None for _cents, rate in rows):
        assert taxable == left
