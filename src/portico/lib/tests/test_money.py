from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.lib.errors import Invalid
from portico.lib.money import (
    MAX_AMOUNT,
    allocate,
    exponent,
    percent_of,
    to_major,
    to_minor,
    to_minor_exact,
)


@pytest.mark.parametrize(
    ("currency", "digits"), [("JPY", 0), ("EUR", 2), ("KWD", 3), ("CLF", 4), ("IQD", 3), ("RSD", 2)]
)
def test_exponents(currency: str, digits: int) -> None:
    assert exponent(currency) == digits


@pytest.mark.parametrize("code", ["EURO", "eur", "", "XXZ", "12"])
def test_an_unknown_currency_is_refused(code: str) -> None:
    with pytest.raises(Invalid):
        exponent(code)


@pytest.mark.parametrize(
    ("amount", "minor"), [("0.005", 1), ("-0.005", -1), ("0.0049", 0), ("2.675", 268), ("1.005", 101), ("-2.5", -250)]
)
def test_rounding_is_half_up_away_from_zero(amount: str, minor: int) -> None:
    assert to_minor(Decimal(amount), "EUR") == minor


@pytest.mark.parametrize("amount", ["1E+30", "NaN", "Infinity", "92233720368547758.08"])
def test_amounts_that_fit_no_column_are_refused(amount: str) -> None:
    with pytest.raises(Invalid):
        to_minor(Decimal(amount), "EUR")


def test_more_decimals_than_the_currency_has_are_refused_where_asked() -> None:
    assert to_minor_exact(Decimal("1.50"), "EUR") == 150
    with pytest.raises(Invalid):
        to_minor_exact(Decimal("1.505"), "EUR")


def test_percent_of() -> None:
    assert percent_of(40376, Decimal(4)) == 1615
    assert percent_of(-50, Decimal(1)) == -1


@given(total=st.integers(-(10**12), 10**12), weights=st.lists(st.integers(0, 10**9), min_size=1).filter(any))
def test_allocating_loses_nothing(total: int, weights: list[int]) -> None:
    parts = allocate(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    assert all(abs(part * whole - total * weight) < whole for part, weight in zip(parts, weights, strict=True))


@given(minor=st.integers(-MAX_AMOUNT, MAX_AMOUNT), currency=st.sampled_from(["JPY", "EUR", "KWD", "CLF"]))
def test_minor_and_major_are_the_same_amount(minor: int, currency: str) -> None:
    assert to_minor_exact(to_major(minor, currency), currency) == minor
