from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.branding.actions.keep_file import keep_file
from portico.domain.branding.errors import PictureRefused
from portico.domain.branding.pictures import Picture, read_icon, read_logo
from portico.domain.branding.queries import brand_before
from portico.domain.businesses.actions.set_recorded import set_recorded
from portico.domain.businesses.models import Business

BRAND = ("name", "accent", "corners", "typeface", "name_beside_logo")
_READERS: dict[str, Callable[[bytes], Picture]] = {"logo": read_logo, "logo_dark": read_logo, "icon": read_icon}
PICTURES = tuple(_READERS)


@transaction.atomic
def change_brand(
    business: Business, changes: Mapping[str, Any], pictures: Mapping[str, bytes | None], *, by: Actor
) -> Business:
    """Set some of `BRAND`, whose values are already valid, and some of `PICTURES`: None takes one away.

    What is unchanged is not recorded. Raises PictureRefused and changes nothing.
    """
    read = {name: _read(name, content) for name, content in pictures.items()}
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    for picture in read.values():
        if picture is not None:
            keep_file(business, picture)
    after = {name: changes[name] for name in BRAND if name in changes}
    after |= {name: picture.name if picture else "" for name, picture in read.items()}
    return set_recorded(business, after, Event.BRAND_CHANGED, by)


@transaction.atomic
def restore_brand(business: Business, change: UUID, *, by: Actor) -> Business:
    """Make the brand what it was before a change. That is a change itself, so it can be undone as well."""
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    return set_recorded(business, brand_before(business, change), Event.BRAND_CHANGED, by)


def _read(slot: str, content: bytes | None) -> Picture | None:
    try:
        return None if content is None else _READERS[slot](content)
    except PictureRefused as error:
        error.slot = slot
        raise
