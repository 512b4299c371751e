"""Sites that are typed into a form, one on each line, as exact origins."""

from django import forms
from django.utils.translation import gettext as _

from portico.domain.businesses.actions.change_sign_in import MOST_ORIGINS
from portico.lib.errors import Invalid
from portico.lib.origins import parse_origin


def clean_origins(typed: str) -> list[str]:
    """Return the lines. Raises ValidationError, which says which one is no exact origin, or that there are too many."""
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    for line in lines:
        try:
            parse_origin(line)
        except Invalid as error:
            text = _("“%(line)s” is not the beginning of an address, such as https://shop.example.com.")
            raise forms.ValidationError(text % {"line": line[:100]}) from error
    if len(lines) > MOST_ORIGINS:
        raise forms.ValidationError(_("At most %(n)s sites can be listed.") % {"n": MOST_ORIGINS})
    return lines
