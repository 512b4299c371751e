"""What makes a form the only one of its kind: sent twice, as by a double click, it acts once."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portico.lib.ids import uuid7

_KEY = re.compile(r"[0-9a-f]{32}")


def new_submission() -> str:
    """Return the key of a form that is shown for the first time."""
    return uuid7().hex


class SubmissionField(forms.CharField):
    """A hidden key that `new_submission` made with the empty form."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": forms.HiddenInput, **options})

    def clean(self, value: Any) -> str:
        """Return the key as the domain takes it. Raises ValidationError for one that is not from here."""
        key = str(super().clean(value))
        if not _KEY.fullmatch(key):
            raise ValidationError(_("This form is no longer valid. Reload the page and try again."))
        return f"form-{key}"
