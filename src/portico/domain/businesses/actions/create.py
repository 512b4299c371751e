import re
from dataclasses import dataclass

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business, Membership, User
from portico.lib.errors import Conflict, FieldError, Invalid
from portico.lib.l10n import LANGUAGES, is_country, is_time_zone
from portico.lib.money import exponent

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
def create_business(wish: BusinessInput, *, by: Actor) -> Business:
    """Make a business. Raises Invalid with the places that are wrong, Conflict for a slug in use."""
    _check(wish)
    if Business.objects.filter(slug=wish.slug).exists():
        raise Conflict(f"There is a business {wish.slug} already.", code="slug_taken")
    business = Business.objects.create(
        name=wish.name.strip(),
        slug=wish.slug,
        currency=wish.currency,
        country=wish.country,
        time_zone=wish.time_zone,
        language=wish.language,
    )
    record(Event.BUSINESS_CREATED, business, by=by)
    return business


def _check(wish: BusinessInput) -> None:
    fields = []
    if not wish.name.strip():
        fields.append(FieldError("/name", "A business needs a name."))
    if not _SLUG.fullmatch(wish.slug) or wish.slug in _RESERVED:
        message = "A slug has up to 40 lower-case letters, digits and inner hyphens, and is no reserved word."
        fields.append(FieldError("/slug", message))
    try:
        exponent(wish.currency)
    except Invalid as error:
        fields.append(FieldError("/currency", error.message))
    if not is_country(wish.country):
        fields.append(FieldError("/country", f"{wish.country!r} is not an ISO 3166 country code."))
    if not is_time_zone(wish.time_zone):
        fields.append(FieldError("/time_zone", f"{wish.time_zone!r} is not an IANA time zone."))
    if wish.language and wish.language not in LANGUAGES:
        fields.append(FieldError("/language", f"Portico speaks {', '.join(LANGUAGES)}."))
    if fields:
        raise Invalid(fields[0].message, fields=fields)


@transaction.atomic
def create_staff(business: Business, email: str, password: str, *, by: Actor, name: str = "") -> User:
    """Give somebody a place in a business: a new account, or a membership for one that exists (its password stays)."""
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email, password, name=name)
    _, is_new = Membership.objects.get_or_create(user=user, business=business)
    if is_new:
        record(Event.STAFF_ADDED, business, by=by, data={"user": user.public_id, "email": user.email})
    return user
