"""Choosing a password: what it has to be, and the form for it."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portico.domain.businesses.models import User

_SHORTEST = 10
_INPUT = {"class": "po-input", "autocomplete": "new-password"}


def password_rule() -> str:
    """Return what a password has to be, in a sentence."""
    rule = ngettext(
        "At least %(n)s character, and none of the common ones.",
        "At least %(n)s characters, and none of the common ones.",
        _SHORTEST,
    )
    return rule % {"n": _SHORTEST}


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    password1 = forms.CharField(
        label=gettext_lazy("New password"), strip=False, max_length=1000, widget=forms.PasswordInput(_INPUT)
    )
    password2 = forms.CharField(
        label=gettext_lazy("New password again"), strip=False, max_length=1000, widget=forms.PasswordInput(_INPUT)
    )

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password1"].help_text = password_rule()

    def clean_password1(self) -> str:
        """Refuse what is short or common."""
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.user)
        return password

    def clean_password2(self) -> str:
        """Refuse what is not the same as the first."""
        again: str = self.cleaned_data["password2"]
        if "password1" in self.cleaned_data and again != self.cleaned_data["password1"]:
            raise ValidationError(_("The two passwords are not the same."))
        return again
