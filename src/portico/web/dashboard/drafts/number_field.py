"""A quantity, a price or a discount as people type it, in any way that can be read only once."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import get_decimal_symbol
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portico.domain.documents.totals import Discount
from portico.lib.errors import Invalid
from portico.lib.money import exponent, to_major, to_minor_exact
from portico.web.shared.page import reader_formatter

_BLANKS = dict.fromkeys(map(ord, " \u00a0\u202f'\u2019\u066c\u200e\u200f\u061c"))
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
# What may be a thousand or three decimals.
_DOUBTFUL = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_DIGITS = 15


def point() -> str:
    """Return the mark before decimals in the reader's language."""
    return str(get_decimal_symbol(reader_formatter().locale, numbering_system="latn"))


def typed_number(value: Decimal) -> str:
    """Return a number as the reader would type it."""
    return f"{value:f}".replace(".", point())


def read_number(text: str) -> Decimal:
    """Return a number as it was typed. Raises ValidationError for one that can't be read, or in two ways."""
    plain = text.translate(_BLANKS).replace("−", "-")
    if _DOUBTFUL.fullmatch(plain) and point() not in plain:
        raise ValidationError(_("%(text)s can be read in two ways: leave out the mark of thousands.") % {"text": text})
    if "." in plain and "," in plain:
        group = min(".", ",", key=plain.rfind)
        plain = plain.replace(group, "")
    plain = plain.replace(",", ".")
    try:
        value = Decimal(plain) if _NUMBER.fullmatch(plain) else None
    except InvalidOperation:
        value = None
    if value is None or len(plain.replace("-", "").replace(".", "").lstrip("0")) > _DIGITS:
        raise ValidationError(_("Enter a number such as %(example)s.") % {"example": typed_number(Decimal("1.5"))})
    return value


def _widget() -> forms.TextInput:
    return forms.TextInput({"class": "po-input po-num", "inputmode": "decimal", "autocomplete": "off", "dir": "ltr"})


class NumberField(forms.CharField):
    """A decimal, which may be less than zero."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 40, "widget": _widget(), **options})

    def prepare_value(self, value: Any) -> Any:
        """Show a decimal as the reader would type it; what was typed stays as it was typed."""
        return typed_number(value) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Decimal | None:
        """Return the decimal, or None for an empty field that may be empty."""
        text = str(super().clean(value) or "").strip()
        return read_number(text) if text else None


class RateField(NumberField):
    """A rate in percent, between 0 and 100."""

    def clean(self, value: Any) -> Decimal | None:
        """Return the rate, or None for an empty field."""
        rate = super().clean(str(value or "").replace("%", "").replace("٪", ""))
        if rate is not None and not 0 <= rate <= 100:
            raise ValidationError(_("A rate lies between 0 and 100%."))
        return rate


class DiscountField(forms.CharField):
    """A discount as an amount, `5.00`, or as a share, `2 %`."""

    def __init__(self, currency: str, **options: Any) -> None:
        self.currency = currency
        super().__init__(**{"max_length": 40, "required": False, "widget": _widget(), **options})

    def prepare_value(self, value: Any) -> Any:
        """Show a discount as the reader would type it; what was typed stays as it was typed."""
        if not isinstance(value, Discount):
            return value
        if value.percent is not None:
            return f"{typed_number(value.percent)} %"
        amount = to_major(value.amount or 0, self.currency)
        return typed_number(Decimal(f"{amount:.{exponent(self.currency)}f}"))

    def clean(self, value: Any) -> Discount | None:
        """Return the discount, or None for an empty field."""
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        if text.endswith(("%", "٪")):
            percent = read_number(text[:-1])
            if not 0 <= percent <= 100:
                raise ValidationError(_("A rate lies between 0 and 100%."))
            return Discount(percent=percent)
        try:
            return Discount(amount=to_minor_exact(read_number(text), self.currency))
        except Invalid as error:
            raise ValidationError(_("Enter an amount with no more decimals than the currency has.")) from error
