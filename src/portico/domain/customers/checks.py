"""Checks of a customer's fields, for pages, API and imports alike. Each answers with the places that are wrong."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError

from portico.domain.customers.errors import CustomerArchived
from portico.domain.customers.models import Customer
from portico.lib.errors import FieldError, Invalid
from portico.lib.l10n import LANGUAGES, is_country
from portico.lib.money import exponent
from portico.lib.one_line import is_blank, validate_email
from portico.lib.tax_ids import is_well_formed

MOST_TERMS_DAYS = 365
_MOST_METADATA, _LONGEST_KEY, _LONGEST_VALUE = 50, 40, 500


def check_language(language: str | None, pointer: str) -> list[FieldError]:
    """A language is one that Portico speaks, or none."""
    if not language or language in LANGUAGES:
        return []
    return [FieldError(pointer, f"Portico speaks {', '.join(LANGUAGES)}.")]


def check_email(address: str | None, pointer: str) -> list[FieldError]:
    """An e-mail address is one, or none."""
    if not address:
        return []
    try:
        validate_email(address)
    except ValidationError:
        return [FieldError(pointer, f"{address} is not an e-mail address.")]
    return []


def check_contact(name: str, email: str, pointer: str) -> list[FieldError]:
    """A contact has a name, and an e-mail address or none."""
    wrong = check_email(email, f"{pointer}/email")
    return wrong if not is_blank(name) else [*wrong, FieldError(f"{pointer}/name", "A contact needs a name.")]


def check_country(country: str, pointer: str) -> list[FieldError]:
    """A country is an ISO 3166 code, or none."""
    if not country or is_country(country):
        return []
    return [FieldError(pointer, f"{country} is not an ISO 3166 country code.")]


def check_currency(currency: str | None, pointer: str) -> list[FieldError]:
    """A currency is one that Portico knows, or none."""
    try:
        exponent(currency or "EUR")
    except Invalid as error:
        return [FieldError(pointer, error.message)]
    return []


def check_tax_id(tax_id: str | None, pointer: str) -> list[FieldError]:
    """A tax id that begins with a European country's code has that country's form."""
    if not tax_id or is_well_formed(tax_id):
        return []
    return [FieldError(pointer, f"A VAT id of {tax_id[:2].upper()} has another form.")]


def check_payment_terms(days: int | None, pointer: str) -> list[FieldError]:
    """Payment terms are a number of days within a year, or none."""
    if days is None or 0 <= days <= MOST_TERMS_DAYS:
        return []
    return [FieldError(pointer, f"Payment terms are 0 to {MOST_TERMS_DAYS} days.")]


def check_metadata(metadata: Mapping[str, str] | None, pointer: str) -> list[FieldError]:
    """Metadata are a few short texts by name."""
    entries = metadata or {}
    if len(entries) > _MOST_METADATA:
        return [FieldError(pointer, f"There are at most {_MOST_METADATA} entries.")]
    return [
        FieldError(pointer, f"A name has 1 to {_LONGEST_KEY} characters and a value at most {_LONGEST_VALUE}.")
        for name, value in entries.items()
        if not 0 < len(name) <= _LONGEST_KEY or len(value) > _LONGEST_VALUE
    ][:1]


def refuse(wrong: list[FieldError]) -> None:
    """Raise Invalid with the places that are wrong, if there are any."""
    if wrong:
        raise Invalid(wrong[0].message, fields=wrong)


def refuse_archived(customer: Customer) -> None:
    """Raise CustomerArchived for a customer that gets no new documents."""
    if customer.archived_at is not None:
        raise CustomerArchived(f"{customer.name} is archived and gets no new documents.")
