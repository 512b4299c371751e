"""A form over details that are on file: only what is sent changes, and nobody overwrites what they have not seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy

from portico.domain.customers.details import version_of
from portico.lib.one_line import CONTROL, validate_email

_one_line = RegexValidator(CONTROL, gettext_lazy("Leave out line breaks and control characters."), inverse_match=True)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that reads one way on file and another way as it was typed."""

    label: str
    on_file: str
    typed: str


class EditForm(forms.Form):
    """Fields whose names are those of `on_file`, the details on file; subclasses add them in `add_fields`.

    What `typed` leaves out stays as it is on file. `seen` names the version whose fields were filled in.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, on_file: Mapping[str, str], typed: Mapping[str, str] | None = None) -> None:
        self.on_file = dict(on_file)
        unseen = {"seen": version_of(on_file)}
        sent = None if typed is None else self.on_file | {name: typed[name] for name in typed}
        super().__init__(sent, initial=self.on_file | unseen, auto_id="edit_%s")
        self.add_fields()

    def add_fields(self) -> None:
        """Add a field for each of the details that may be changed."""
        raise NotImplementedError

    @property
    def changes(self) -> dict[str, str]:
        """What is to be changed, by name; call it on a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if self.on_file.get(name, value) != value}

    @property
    def version(self) -> str:
        """The version of the details that the editor has seen."""
        version: str = self.cleaned_data["seen"]
        return version

    def over_what_is_on_file(self) -> Self:
        """Return this form, so that sending it again overwrites what is on file now."""
        self.data = {**self.data, "seen": version_of(self.on_file)}
        self.full_clean()
        return self

    def shown(self, name: str, value: str) -> str:
        """Return a value as its reader knows it: the label of a choice, else the value itself."""
        choices = getattr(self.fields[name], "choices", ())
        return str(dict(choices).get(value, value)) if value else ""

    def differences(self) -> list[Difference]:
        """Return where what was typed is not what is on file; call it on a valid form."""
        return [
            Difference(str(self.fields[name].label), self.shown(name, self.on_file[name]), self.shown(name, value))
            for name, value in self.changes.items()
        ]


class EmailField(forms.EmailField):
    """A field for an e-mail address, of characters that can be seen."""

    default_validators = [validate_email]


def line(label: Any, longest: int, *, required: bool = False, **attributes: str) -> forms.CharField:
    """A field of one line; `attributes` are those of its input."""
    widget = forms.TextInput({"class": "po-input", "dir": "auto", **_dashed(attributes)})
    return forms.CharField(label=label, max_length=longest, required=required, widget=widget, validators=[_one_line])


def choice(label: Any, choices: list[tuple[str, Any]], **attributes: str) -> forms.ChoiceField:
    """A field that is chosen from a list, or left empty."""
    widget = forms.Select({"class": "po-input", **_dashed(attributes)})
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=widget)


def email(label: Any, *, required: bool = False) -> EmailField:
    """A field for an e-mail address."""
    widget = forms.EmailInput({"class": "po-input", "dir": "ltr", "autocomplete": "email", "spellcheck": "false"})
    return EmailField(label=label, max_length=254, required=required, widget=widget)


def phone() -> forms.CharField:
    """A field for a phone number, however it is written."""
    return line(gettext_lazy("Phone"), 60, dir="ltr", type="tel", autocomplete="tel")


def _dashed(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in attributes.items()}
