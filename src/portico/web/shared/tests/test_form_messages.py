"""Every form says what is wrong in our own words."""

from typing import Any

import pytest
from django import forms
from django.utils import translation

from portico.web.shared.edit_form import EmailField


class _Form(forms.Form):
    name = forms.CharField(max_length=3)
    number = forms.IntegerField(min_value=1, max_value=9, required=False)
    day = forms.DateField(required=False)
    kind = forms.ChoiceField(choices=[("a", "A")], required=False)
    email = EmailField(required=False)
    site = forms.URLField(required=False, assume_scheme="https")
    file = forms.FileField(required=False, max_length=5)


def _message(name: str, value: str) -> str:
    wrong = _Form({"name": "x"} | {name: value})
    return str(wrong.errors[name][0])


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("name", "", "Please fill this in."),
        ("name", "four", "Enter 3 characters at most; this has 4."),
        ("name", "\x00", "This contains a character that can't be saved."),
        ("number", "x", "Enter a whole number."),
        ("number", "0", "Enter 1 or more."),
        ("number", "10", "Enter 9 or less."),
        ("day", "yesterday", "Enter a date such as 2026-01-31."),
        ("kind", "b", "Choose one of the entries offered."),
        ("email", "nobody", "This is not an e-mail address, such as name@example.com."),
        ("email", "ida@nord\u2028.example", "This is not an e-mail address, such as name@example.com."),
        ("email", "ida@no\u202erd.example", "This is not an e-mail address, such as name@example.com."),
        ("site", "http://", "Enter a web address such as https://www.example.com."),
    ],
)
def test_wrong_input_is_answered_in_plain_words(name: str, value: str, message: str) -> None:
    with translation.override("en"):
        assert _message(name, value) == message


def test_messages_are_translated() -> None:
    with translation.override("de"):
        assert _message("number", "10") == "Bitte geben Sie höchstens 9 ein."


def test_own_message_of_a_field_comes_first() -> None:
    class Own(forms.Form):
        name = forms.CharField(error_messages={"required": "Who?"})

    empty: dict[str, Any] = {}
    assert Own(empty).errors["name"] == ["Who?"]
