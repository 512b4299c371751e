"""The fields of a customer's postal addresses, in the portal's form and the dashboard's."""

from collections.abc import Iterator

from django.forms import BoundField
from django.utils.translation import gettext as _

from portico.domain.customers.models import Address
from portico.lib.l10n import countries
from portico.web.shared.edit_form import EditForm, choice, line

# Without these a letter does not arrive.
_NEEDED = ("line1", "city", "country")


def add_address_fields(form: EditForm, *, home: str, language: str, autocomplete: bool = True) -> None:
    """Add the fields of both addresses: `billing.city`.

    `home` is the country that most customers live in, `language` the reader's; `autocomplete` lets the browser fill in
    the reader's own address.
    """
    for kind in Address.Kind:
        _add_address(form, kind, home, language, autocomplete=autocomplete)


def refuse_half_addresses(form: EditForm) -> None:
    """Ask for what is missing in an address that was changed: it is left empty or has street, town and country."""
    said = {
        "line1": _("Enter the street and number."),
        "city": _("Enter the town."),
        "country": _("Choose the country."),
    }
    for kind in Address.Kind:
        parts = {name: value for name, value in form.cleaned_data.items() if name.startswith(f"{kind}.")}
        changed = any(form.on_file[name] != value for name, value in parts.items())
        for name in _NEEDED if changed and any(parts.values()) else ():
            if not parts.get(f"{kind}.{name}", "wrong already"):
                form.add_error(f"{kind}.{name}", said[name])


def address_fields(form: EditForm, kind: str) -> Iterator[BoundField]:
    """The fields of one of the addresses."""
    return (form[name] for name in form.fields if name.startswith(f"{kind}."))


def _add_address(form: EditForm, kind: str, home: str, language: str, *, autocomplete: bool) -> None:
    def hint(name: str) -> str:
        return f"{kind} {name}" if autocomplete else "off"

    known = form.on_file[f"{kind}.country"]
    form.fields[f"{kind}.line1"] = line(_("Street and number"), 200, autocomplete=hint("address-line1"))
    form.fields[f"{kind}.line2"] = line(_("Further line, if any"), 200, autocomplete=hint("address-line2"))
    form.fields[f"{kind}.postal_code"] = line(_("Postal code"), 30, autocomplete=hint("postal-code"))
    form.fields[f"{kind}.city"] = line(_("Town"), 120, autocomplete=hint("address-level2"))
    form.fields[f"{kind}.region"] = line(_("State or region, if any"), 120, autocomplete=hint("address-level1"))
    offered = _countries(language, home, known)
    form.fields[f"{kind}.country"] = choice(_("Country"), offered, autocomplete=hint("country"))


def _countries(language: str, home: str, known: str) -> list[tuple[str, str]]:
    """The country of the business first, then all others by name; what is on file can always stay."""
    names = dict(countries(language))
    first = {code: names.get(code, code) for code in (home, known) if code and (code == home or code not in names)}
    return [("", _("Please choose")), *first.items(), *((code, name) for code, name in names.items() if code != home)]
