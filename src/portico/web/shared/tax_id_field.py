"""The field of a tax id, in the portal's form and the dashboard's."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portico.lib.tax_ids import is_well_formed
from portico.web.shared.edit_form import line


def tax_id_field(on_file: str) -> forms.CharField:
    """Return a field that asks for the form of the country a number begins with; what is `on_file` may stay."""

    def check(typed: str) -> None:
        if typed != on_file and not is_well_formed(typed):
            raise ValidationError(
                _("A VAT ID of %(country)s has another form. Please compare it.") % {"country": typed[:2].upper()}
            )

    field = line(_("Tax ID"), 60, autocomplete="off")
    field.validators.append(check)
    return field
