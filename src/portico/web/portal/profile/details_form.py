"""The form of a customer's details: two postal addresses, phone, tax number, language."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.forms import BoundField
from django.utils.translation import gettext as _

from portico.domain.customers.models import Address
from portico.lib.l10n import LANGUAGES, countries
from portico.web.portal.profile.edit_form import EditForm, choice, line, phone

# Without these a letter does not arrive.
_NEEDED = ("line1", "city", "country")


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
        for kind in Address.Kind:
            self._add_address(kind)
        self.fields["phone"] = phone()
        self.fields["tax_id"] = line(_("Tax ID"), 60, autocomplete="off")
        languages = [("", _("No preference")), *LANGUAGES.items()]
        self.fields["language"] = choice(_("Language of documents and mail"), languages)

    def _add_address(self, kind: Address.Kind) -> None:
        def hint(name: str) -> str:
            return f"{kind} {name}"

        known = self.on_file[f"{kind}.country"]
        self.fields[f"{kind}.line1"] = line(_("Street and number"), 200, autocomplete=hint("address-line1"))
        self.fields[f"{kind}.line2"] = line(_("Further line, if any"), 200, autocomplete=hint("address-line2"))
        self.fields[f"{kind}.postal_code"] = line(_("Postal code"), 30, autocomplete=hint("postal-code"))
        self.fields[f"{kind}.city"] = line(_("Town"), 120, autocomplete=hint("address-level2"))
        self.fields[f"{kind}.region"] = line(_("State or region, if any"), 120, autocomplete=hint("address-level1"))
        offered = _countries(self.reads, self.home, known)
        self.fields[f"{kind}.country"] = choice(_("Country"), offered, autocomplete=hint("country"))

    def clean(self) -> dict[str, Any]:
        """Ask for what is missing in an address that was changed."""
        values = super().clean() or {}
        said = {
            "line1": _("Enter the street and number."),
            "city": _("Enter the town."),
            "country": _("Choose the country."),
        }
        for kind in Address.Kind:
            parts = {name: value for name, value in values.items() if name.startswith(f"{kind}.")}
            changed = any(self.on_file[name] != value for name, value in parts.items())
            for name in _NEEDED if changed and any(parts.values()) else ():
                if not parts.get(f"{kind}.{name}", "wrong already"):
                    self.add_error(f"{kind}.{name}", said[name])
        return values

    def address(self, kind: str) -> Iterator[BoundField]:
        """The fields of one of the addresses."""
        return (self[name] for name in self.fields if name.startswith(f"{kind}."))


def _countries(language: str, home: str, known: str) -> list[tuple[str, str]]:
    """The country of the business first, then all others by name; what is on file can always stay."""
    names = dict(countries(language))
    first = {code: names.get(code, code) for code in (home, known) if code and (code == home or code not in names)}
    return [("", _("Please choose")), *first.items(), *((code, name) for code, name in names.items() if code != home)]
