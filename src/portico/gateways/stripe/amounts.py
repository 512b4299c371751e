"""Amounts as Stripe counts them: its minor units are ISO 4217's for most currencies, not for all.

Source: https://docs.stripe.com/currencies (zero-decimal and three-decimal currencies, minimum charge amounts).
"""

from decimal import Decimal

from portico.domain.payments.gateway import ProviderRefused
from portico.lib.money import exponent

_WITHOUT_DECIMALS = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
# Their last digit has to be 0.
_THREE_DECIMALS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})

# In Portico's minor units. Where a currency is missing, Stripe converts its minimum of the account's own currency.
MINIMUMS = {
    "AED": 200, "AUD": 50, "BRL": 50, "CAD": 50, "CHF": 50, "CZK": 1500, "DKK": 250, "EUR": 50, "GBP": 30,
    "HKD": 400, "HUF": 17500, "INR": 50, "JPY": 50, "MXN": 1000, "MYR": 200, "NOK": 300, "NZD": 50, "PLN": 200,
    "RON": 200, "SEK": 300, "SGD": 50, "THB": 1000, "USD": 50,
}  # fmt: skip


def to_stripe(amount: int, currency: str) -> int:
    """Return an amount as Stripe counts it. Raises ProviderRefused for one it can't charge to the last digit."""
    shift = _exponent(currency) - exponent(currency)
    factor: int = 10 ** abs(shift)
    counted, lost = (amount * factor, 0) if shift >= 0 else divmod(amount, factor)
    if lost or (currency in _THREE_DECIMALS and counted % 10):
        message = f"Stripe can't charge this amount of {currency} exactly."
        raise ProviderRefused(message, code="amount_not_chargeable")
    return counted


def from_stripe(amount: int, currency: str) -> int:
    """Return an amount that Stripe counted in Portico's minor units."""
    shift = exponent(currency) - _exponent(currency)
    factor: int = 10 ** abs(shift)
    return amount * factor if shift >= 0 else amount // factor


def units_per_minor(currency: str) -> Decimal:
    """Return how many of Stripe's units a minor unit is: 1 for most currencies."""
    return Decimal(1).scaleb(_exponent(currency) - exponent(currency))


def _exponent(currency: str) -> int:
    if currency in _WITHOUT_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2
