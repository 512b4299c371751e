"""The sandbox's fields: a card or a bank account, typed into our own page. It works without scripts."""

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.payments.models import Method
from portico.lib.clock import now
from portico.web.portal.core.method_forms.method_form import MethodForm

_GAPS = re.compile(r"[\s-]")


class SandboxForm(MethodForm):
    """A card or a bank account. Whether a number is one of the test numbers is for the sandbox to say."""

    template: ClassVar[str] = "portal/method_forms/sandbox.html"
    secret_fields: ClassVar[frozenset[str]] = frozenset({"card_number", "card_cvc"})

    def fields(self) -> dict[str, forms.Field]:
        """Return a card's four fields, or a bank account's two."""
        if self.offer.method == Method.CARD:
            return {
                "cardholder": _line(gettext_lazy("Name on the card"), 100, "cc-name", dir="auto"),
                "card_number": _line(
                    gettext_lazy("Card number"), 30, "cc-number", inputmode="numeric", validators=[_card_number]
                ),
                "card_expiry": _line(
                    gettext_lazy("Expires (MM/YY)"), 9, "cc-exp", inputmode="numeric", validators=[_expiry]
                ),
                "card_cvc": _line(gettext_lazy("Security code"), 4, "cc-csc", inputmode="numeric", validators=[_cvc]),
            }
        return {
            "account_holder": _line(gettext_lazy("Account holder"), 100, "name", dir="auto"),
            "iban": _line(gettext_lazy("IBAN"), 42, "off", validators=[_iban]),
        }


def _line(label: Any, longest: int, autocomplete: str, *, validators: Any = (), **attributes: str) -> forms.CharField:
    widget = forms.TextInput({"class": "po-input", "dir": "ltr", "autocomplete": autocomplete, **attributes})
    said = {"required": gettext_lazy("Please fill this in.")}
    return forms.CharField(
        label=label, max_length=longest, widget=widget, validators=list(validators), error_messages=said
    )


def _card_number(typed: str) -> None:
    digits = _GAPS.sub("", typed)
    if not (digits.isascii() and digits.isdecimal() and 12 <= len(digits) <= 19 and _luhn(digits)):
        raise ValidationError(_("This is not a card number. Please check it digit by digit."))


def _luhn(digits: str) -> bool:
    """Tell whether the last digit is the check digit of the others (ISO/IEC 7812-1)."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _expiry(typed: str) -> None:
    match = re.fullmatch(r"(0?[1-9]|1[0-2])\s*[/-]?\s*(?:20)?([0-9]{2})", typed.strip())
    if match is None:
        raise ValidationError(_("Enter the month and the year, such as 04/29."))
    today = now().date()
    if (2000 + int(match[2]), int(match[1])) < (today.year, today.month):
        raise ValidationError(_("This card has expired."))


def _cvc(typed: str) -> None:
    if not re.fullmatch(r"[0-9]{3,4}", typed.strip()):
        raise ValidationError(_("Enter the three or four digits from the card."))


def _iban(typed: str) -> None:
    text = _GAPS.sub("", typed).upper()
    if re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", text):
        # ISO 13616: the first four characters go to the end, letters count from 10, and the number leaves 1 by 97.
        number = "".join(str(int(character, 36)) for character in text[4:] + text[:4])
        if int(number) % 97 == 1:
            return
    raise ValidationError(_("This is not an IBAN. Please check it character by character."))
