"""The form of a customer's details: two postal addresses, phone, tax number, language."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.forms import BoundField
from django.utils.translation import gettext as _

from portico.lib.l10n import LANGUAGES
from portico.web.shared.address_fields import add_address_fields, address_fields, refuse_half_addresses
from portico.web.shared.edit_form import EditForm, choice, phone
from portico.web.shared.tax_id_field import tax_id_field


class DetailsForm(EditForm):
    """The details by their names on file; an address is left empty or has street, town and country.

    `home` is the country that most customers live in, `language` the reader's.
    """

    def __init__(
        self, on_file: Mapping[str, str], typed: Mapping[str, str] | None = None, *, home: str = "", language: str = ""
    ) -> None:
        self.home, self.reads = home, language
        super().__init__(on_file, typed)

    def add_fields(self) -> None:
        """Add the fields of both addresses and the others."""
        add_address_fields(self, home=self.home, language=self.reads)
        self.fields["phone"] = phone()
        self.fields["tax_id"] = tax_id_field(self.on_file["tax_id"])
        languages = [("", _("No preference")), *LANGUAGES.items()]
        self.fields["language"] = choice(_("Language of documents and mail"), languages)

    def clean(self) -> dict[str, Any]:
        """Ask for what is missing in an address that was changed."""
        values = super().clean() or {}
        refuse_half_addresses(self)
        return values

    def address(self, kind: str) -> Iterator[BoundField]:
        """The fields of one of the addresses."""
        return address_fields(self, kind)
