"""Money: integers in a currency's minor unit, exact, rounded half-up at named places.

Source of exponents: Unicode CLDR (through Babel), which follows ISO 4217 but for the handful of currencies named in
`_ISO_EXPONENTS`, where CLDR gives the digits people print today and ISO 4217 the digits that are invoiced.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation, Overflow
from functools import cache

from babel.core import get_global
from babel.numbers import list_currencies

from portico.lib.errors import Invalid, PorticoError

# 28 digits of working precision would round a product of two 15-digit decimals before we do; 60 never does.
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)

# The largest amount of one line, document or payment, and the largest balance of one account, in minor units. Both are
# exact in a JSON number (2**53), and thousands of them can be added up within a signed 64-bit column.
MAX_AMOUNT = 10**15
MAX_BALANCE = 9 * 10**15

_ISO_EXPONENTS = {
    "AFN": 2, "ALL": 2, "IQD": 3, "IRR": 2, "KPW": 2, "LAK": 2, "LBP": 2, "MGA": 2, "MMK": 2, "MUR": 2, "RSD": 2,
    "SOS": 2, "SYP": 2, "UZS": 2, "YER": 2,
}  # fmt: skip


class CurrencyMismatch(PorticoError):
    """Two currencies were about to be added, netted or paid together."""

    code = "currency_mismatch"
    status = 409


@cache
def exponent(currency: str) -> int:
    """Return how many decimals `currency` has (JPY 0, EUR 2, KWD 3, CLF 4).

    Raises Invalid for a code that is no ISO 4217 currency.
    """
    if currency not in _known_currencies():
        raise Invalid(f"{currency!r} is not an ISO 4217 currency code.", code="unknown_currency")
    if currency in _ISO_EXPONENTS:
        return _ISO_EXPONENTS[currency]
    fractions = get_global("currency_fractions")
    digits: int = fractions.get(currency, fractions["DEFAULT"])[0]
    return digits


def is_currency(code: str) -> bool:
    """Tell whether `code` is an ISO 4217 currency code."""
    return code in _known_currencies()


@cache
def _known_currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def round_to(value: Decimal, digits: int) -> Decimal:
    """Round half-up, away from zero, to `digits` decimals: the one rounding mode of the product."""
    return value.quantize(Decimal(1).scaleb(-digits), context=_EXACT)


def multiply(first: Decimal, second: Decimal) -> Decimal:
    """Return the exact product, unrounded."""
    return _EXACT.multiply(first, second)


def to_minor(amount: Decimal, currency: str) -> int:
    """Return a decimal in major units as minor units, rounded half-up: `12.345 EUR` is 1235."""
    try:
        scaled = amount.scaleb(exponent(currency), context=_EXACT)
        minor = int(round_to(scaled, 0))
    except (InvalidOperation, Overflow, ValueError) as error:
        raise Invalid(f"{amount} is not a usable amount.", code="invalid_amount") from error
    if abs(minor) > MAX_AMOUNT:
        raise Invalid(f"{amount} {currency} is larger than an amount can be.", code="amount_too_large")
    return minor


def to_minor_exact(amount: Decimal, currency: str) -> int:
    """Like `to_minor`, but refuse an amount that has more decimals than its currency."""
    minor = to_minor(amount, currency)
    if to_major(minor, currency) != amount:
        raise Invalid(
            f"{amount} has more decimals than {currency} allows ({exponent(currency)}).", code="invalid_amount"
        )
    return minor


def to_major(minor: int, currency: str) -> Decimal:
    """Return minor units as an exact decimal in major units."""
    return Decimal(minor).scaleb(-exponent(currency), context=_EXACT)


def percent_of(minor: int, rate: Decimal) -> int:
    """Return `rate` percent of an amount in minor units, rounded half-up."""
    return int(round_to(_EXACT.multiply(Decimal(minor), rate).scaleb(-2, context=_EXACT), 0))


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` over `weights` so that the parts sum to `total`: largest remainder, first wins a tie.

    Weights are not negative and at least one is positive.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("allocate() needs weights that are not negative, one of them positive")
    sign = -1 if total < 0 else 1
    shares = [divmod(abs(total) * weight, whole) for weight in weights]
    parts = [share for share, _ in shares]
    by_remainder = sorted(range(len(weights)), key=lambda index: -shares[index][1])
    for index in by_remainder[: abs(total) - sum(parts)]:
        parts[index] += 1
    return [sign * part for part in parts]
