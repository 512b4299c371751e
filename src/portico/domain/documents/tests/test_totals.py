from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.domain.documents.totals import Discount, LineInput, compute
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
