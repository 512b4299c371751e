import re
from dataclasses import dataclass

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.domain.businesses.texts import text_mistake
from portico.lib.errors import Conflict, FieldError, Invalid
from portico.lib.l10n import LANGUAGES, is_country, is_time_zone
from portico.lib.money import exponent
from portico.lib.one_line import is_blank

_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")

# Names that would read as a part of the installation when they stand before its domain.
_RESERVED = frozenset(
    {
        "accounts", "admin", "api", "app", "csrf", "internal", "mail", "portal", "portico", "sandbox", "settings",
        "staff", "static", "webhooks", "www",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BusinessInput:
    """A new tenant. `slug` names it in addresses; `language` is empty to follow each reader's browser."""

    name: str
    slug: str
    currency: str
    country: str
    time_zone: str
    language: str = ""


@transaction.atomic
def create_business(data: BusinessInput, *, by: Actor) -> Business:
    """Make a business. Raises Invalid with the places that are wrong, Conflict for a slug in use."""
    _check(data)
    if Business.objects.filter(slug=data.slug).exists():
        raise Conflict(f"There is a business {data.slug} already.", code="slug_taken")
    business = Business.objects.create(
        name=data.name.strip(),
        slug=data.slug,
        currency=data.currency,
        country=data.country,
        time_zone=data.time_zone,
        language=data.language,
    )
    record(Event.BUSINESS_CREATED, business, by=by)
    return business


def _check(data: BusinessInput) -> None:
    fields = []
    if is_blank(data.name):
        fields.append(FieldError("/name", "A business needs a name."))
    elif mistake := text_mistake("name", data.name):
        fields.append(FieldError("/name", mistake))
    if not _SLUG.fullmatch(data.slug) or data.slug in _RESERVED:
        message = "A slug has up to 40 lower-case letters, digits and inner hyphens, and is no reserved word."
        fields.append(FieldError("/slug", message))
    try:
        exponent(data.currency)
    except Invalid as error:
        fields.append(FieldError("/currency", error.message))
    if not is_country(data.country):
        fields.append(FieldError("/country", f"{data.country!r} is not an ISO 3166 country code."))
    if not is_time_zone(data.time_zone):
        fields.append(FieldError("/time_zone", f"{data.time_zone!r} is not an IANA time zone."))
    if data.language and data.language not in LANGUAGES:
        fields.append(FieldError("/language", f"Portico speaks {', '.join(LANGUAGES)}."))
    if fields:
        raise Invalid(fields[0].message, fields=fields)
