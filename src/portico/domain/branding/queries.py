from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from portico.domain.activity.events import Event
from portico.domain.activity.models import Activity
from portico.domain.activity.queries import timeline_of_subject
from portico.domain.branding import pictures
from portico.domain.branding.models import BrandFile, PolicyViolation
from portico.domain.businesses.models import Business
from portico.lib.errors import NotFound


def brand_file(business: Business, name: str) -> BrandFile:
    """Return a file of a business's brand, in use or not. Everybody may see it. Raises NotFound."""
    found = BrandFile.objects.filter(business=business, name=name).first()
    if found is None:
        raise NotFound("There is no such file.")
    return found


def logo_as_svg(business: Business) -> str:
    """Return the logo for light paper as SVG, a picture of pixels wrapped in one; empty when there is none."""
    return _logos(business.pk, business.logo)[0] if business.logo else ""


def logo_as_png(business: Business) -> bytes:
    """Return the logo for light paper as PNG; empty when there is none."""
    return _logos(business.pk, business.logo)[1] if business.logo else b""


def stylesheet_text(business: Business) -> str:
    """Return the business's own style sheet; empty when there is none."""
    return bytes(brand_file(business, business.stylesheet).content).decode() if business.stylesheet else ""


def script_text(business: Business) -> str:
    """Return the script on the portal's pages, in use or not; empty when there is none."""
    return bytes(brand_file(business, business.script).content).decode() if business.script else ""


def policy_violations(business: Business) -> QuerySet[PolicyViolation]:
    """What the portal's policy forbade lately, the most frequent first."""
    return PolicyViolation.objects.filter(business=business).order_by("-count", "origin")


def changes_of(business: Business, event: Event) -> QuerySet[Activity]:
    """The changes of one kind that were made to how a portal looks, the newest first."""
    return timeline_of_subject(business.pk).filter(verb=event)


def brand_history(business: Business) -> QuerySet[Activity]:
    """The changes of a business's brand, the newest first."""
    return changes_of(business, Event.BRAND_CHANGED)


def brand_before(business: Business, change: UUID) -> dict[str, Any]:
    """Return what a change and those since have to be set to for the brand to be as it was before it."""
    fields: dict[str, Any] = {}
    for row in _since(business, change):
        fields |= row.data["before"]
    return fields


def _since(business: Business, change: UUID) -> Iterator[Activity]:
    for row in brand_history(business).iterator():
        yield row
        if row.pk == change:
            return
    raise NotFound("There is no such change.")


# Some ten kilobytes each. A name stands for its content, so nothing here is ever old.
@lru_cache(maxsize=256)
def _logos(business_id: UUID, name: str) -> tuple[str, bytes]:
    file = BrandFile.objects.get(business_id=business_id, name=name)
    content = bytes(file.content)
    return pictures.as_svg(content, file.media_type), bytes(file.drawn) or content
