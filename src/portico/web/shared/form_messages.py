"""What forms say about wrong input: our sentences in place of Django's, for every form of the portal and the dashboard.

Django looks its sentences up on the classes of fields and validators, when a field is made. So they are set there.
"""

from typing import Any

from django import forms
from django.core import validators
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

_OF_FIELDS: dict[type[forms.Field], dict[str, Any]] = {
    forms.Field: {"required": _("Please fill this in.")},
    forms.IntegerField: {"invalid": _("Enter a whole number.")},
    forms.DecimalField: {"invalid": _("Enter a number.")},
    forms.DateField: {"invalid": _("Enter a date such as 2026-01-31.")},
    forms.ChoiceField: {"invalid_choice": _("Choose one of the entries offered.")},
    forms.MultipleChoiceField: {
        "invalid_choice": _("Choose among the entries offered."),
        "invalid_list": _("Choose among the entries offered."),
    },
    forms.URLField: {"invalid": _("Enter a web address such as https://www.example.com.")},
    forms.FileField: {
        "required": _("Choose a file first."),
        "invalid": _("Choose a file first."),
        "missing": _("Choose a file first."),
        "empty": _("The file is empty."),
        "max_length": ngettext_lazy(
            "The file's name may have %(max)d character at most.",
            "The file's name may have %(max)d characters at most.",
            "max",
        ),
    },
}
_OF_VALIDATORS: dict[type, str | Promise] = {
    validators.RegexValidator: _("This can't be read. Please check it."),
    validators.URLValidator: _("Enter a web address such as https://www.example.com."),
    validators.EmailValidator: _("This is not an e-mail address, such as name@example.com."),
    validators.MinValueValidator: _("Enter %(limit_value)s or more."),
    validators.MaxValueValidator: _("Enter %(limit_value)s or less."),
    validators.MinLengthValidator: ngettext_lazy(
        "Enter %(limit_value)d character or more.", "Enter %(limit_value)d characters or more.", "limit_value"
    ),
    validators.MaxLengthValidator: ngettext_lazy(
        "Enter %(limit_value)d character at most; this has %(show_value)d.",
        "Enter %(limit_value)d characters at most; this has %(show_value)d.",
        "limit_value",
    ),
    validators.ProhibitNullCharactersValidator: _("This contains a character that can't be saved."),
}


def use_our_messages() -> None:
    """Let all forms made from now on say our sentences; a field's own `error_messages` still come first."""
    for field, messages in _OF_FIELDS.items():
        field.default_error_messages = {**field.__dict__.get("default_error_messages", {}), **messages}
    for validator, message in _OF_VALIDATORS.items():
        validator.message = message  # type: ignore[attr-defined]  # every validator has one
