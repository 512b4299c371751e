"""An amount as people type it, cleaned to minor units of one currency."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import get_currency_symbol, get_decimal_symbol
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portico.lib.errors import Invalid
from portico.lib.money import MAX_AMOUNT, exponent, to_major, to_minor_exact
from portico.web.shared.page import reader_formatter

_LONGEST = 30
# Digits between two separators of thousands.
_GROUP = 3
# Blanks and apostrophes that languages part thousands with, and the marks that keep amounts in their order.
_BLANKS = dict.fromkeys(map(ord, " \u00a0\u202f'\u2019\u066c\u200e\u200f\u061c"))
_GROUPED = re.compile(r"\d{1,3}(?P<group>[.,])\d{3}(?:(?P=group)\d{3})*(?P<decimals>(?!(?P=group))[.,]\d+)?", re.ASCII)


class MoneyField(forms.CharField):
    """More than zero, with no more decimals than the currency has; also as pages print it, `€1,234.56`, `1.234,56 €`.

    Comma and point both part the decimals, and the other one thousands. What could be either is refused: `1,234` is
    no thousand in a currency with decimals, and with three of them it is read as the reader's language writes decimals.
    """

    def __init__(self, currency: str, **options: Any) -> None:
        self.currency = currency
        attributes = {"class": "po-input po-num", "inputmode": "decimal", "autocomplete": "off", "dir": "ltr"}
        super().__init__(**{"max_length": _LONGEST, "widget": forms.TextInput(attributes), **options})

    def prepare_value(self, value: Any) -> Any:
        """Show an amount in major units with the currency's decimals; what was typed stays as it was typed."""
        return self._written(value) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> int | None:
        """Return minor units, or None for an empty field that may be empty."""
        typed = str(super().clean(value) or "").translate(_BLANKS)
        if not typed:
            return None
        text = self._plain(self._without_currency(typed))
        try:
            amount = Decimal(text)
        except InvalidOperation as error:
            raise ValidationError(self._wrong(), code="invalid") from error
        if not amount.is_finite() or amount <= 0:
            raise ValidationError(self._wrong(), code="invalid")
        try:
            minor = to_minor_exact(amount, self.currency)
        except Invalid as error:
            message = self._too_large() if error.code == "amount_too_large" else self._wrong()
            raise ValidationError(message, code="invalid") from error
        return minor

    def _plain(self, text: str) -> str:
        """Return a typed number with a point before its decimals, without groups that are clearly such."""
        grouped = _GROUPED.fullmatch(text)
        if grouped and (grouped["decimals"] or text.count(grouped["group"]) > 1 or exponent(self.currency) == 0):
            return text.replace(grouped["group"], "").replace(",", ".")
        # One group of three is a thousand in one language and three decimals in another: 1,000 is never taken for 1.
        if grouped and (exponent(self.currency) < _GROUP or grouped["group"] != self._point()):
            raise ValidationError(self._wrong(), code="invalid")
        return text.replace(",", ".")

    def _without_currency(self, text: str) -> str:
        """Return what was typed without the currency's sign or code, as in an amount copied from a page."""
        for sign in (self.currency, get_currency_symbol(self.currency, reader_formatter().locale).translate(_BLANKS)):
            text = text.removeprefix(sign).removesuffix(sign)
        return text

    @staticmethod
    def _point() -> str:
        return str(get_decimal_symbol(reader_formatter().locale, numbering_system="latn"))

    def _wrong(self) -> str:
        example = self._written(to_major(12345, self.currency))
        return _("Enter an amount more than zero such as %(example)s.") % {"example": example}

    def _too_large(self) -> str:
        largest = reader_formatter().money(MAX_AMOUNT, self.currency)
        return _("That is too much: the largest amount is %(largest)s.") % {"largest": largest}

    def _written(self, amount: Decimal) -> str:
        return f"{amount:.{exponent(self.currency)}f}".replace(".", self._point())
