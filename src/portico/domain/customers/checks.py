"""What is asked of a customer's fields, whoever sends them. Each answers with the places that are wrong."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from portico.lib.errors import FieldError, Invalid
from portico.lib.l10n import LANGUAGES, is_country


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
    return wrong if name.strip() else [*wrong, FieldError(f"{pointer}/name", "A contact needs a name.")]


def check_country(country: str, pointer: str) -> list[FieldError]:
    """A country is an ISO 3166 code, or none."""
    if not country or is_country(country):
        return []
    return [FieldError(pointer, f"{country} is not an ISO 3166 country code.")]


def refuse(wrong: list[FieldError]) -> None:
    """Raise Invalid with the places that are wrong, if there are any."""
    if wrong:
        raise Invalid(wrong[0].message, fields=wrong)
