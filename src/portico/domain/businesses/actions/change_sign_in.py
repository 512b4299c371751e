from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.actions.set_recorded import set_recorded
from portico.domain.businesses.models import SIGN_IN_BOUNDS, Business
from portico.lib.errors import FieldError, Invalid
from portico.lib.origins import parse_origin, parse_url

MOST_ORIGINS = 20
SIGN_IN_SETTINGS = ("sign_in_url", "return_origins", *SIGN_IN_BOUNDS)


@transaction.atomic
def change_sign_in(business: Business, changes: Mapping[str, Any], *, by: Actor) -> Business:
    """Set some of `SIGN_IN_SETTINGS`; what is unchanged is not recorded. Raises Invalid with the places that are wrong.

    They are where customers sign in at the business's own site (empty: nowhere), the sites they may be sent back to,
    kept in one spelling and order, and how long sessions last and signed links may be good for. The longest time of a
    session counts for those that begin from now on, the rest at once.
    """
    after = _checked({name: changes[name] for name in SIGN_IN_SETTINGS if name in changes})
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    return set_recorded(business, after, Event.SETTINGS_CHANGED, by)


def _checked(changes: dict[str, Any]) -> dict[str, Any]:
    wrong: list[FieldError] = []
    if changes.get("sign_in_url"):
        try:
            parse_url(changes["sign_in_url"])
        except Invalid as error:
            wrong.append(FieldError("/sign_in_url", error.message))
    if "return_origins" in changes:
        changes["return_origins"] = checked_origins("return_origins", changes["return_origins"], wrong)
    for name, (low, high) in SIGN_IN_BOUNDS.items():
        if name in changes and not low <= changes[name] <= high:
            wrong.append(FieldError(f"/{name}", f"Between {low} and {high}."))
    if wrong:
        raise Invalid(wrong[0].message, fields=wrong)
    return changes


def checked_origins(name: str, texts: Iterable[str], wrong: list[FieldError]) -> list[str]:
    """Return exact origins in one spelling and order; what is none is added to `wrong`, at its place in `name`."""
    origins: set[str] = set()
    for index, text in enumerate(texts):
        try:
            origins.add(parse_origin(text))
        except Invalid as error:
            wrong.append(FieldError(f"/{name}/{index}", error.message))
    if len(origins) > MOST_ORIGINS:
        wrong.append(FieldError(f"/{name}", f"At most {MOST_ORIGINS} sites can be listed."))
    return sorted(origins)
