"""What every change of a portal's looks does: keep a file by its content, set fields, record from what to what."""

from collections.abc import Mapping
from typing import Any

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.branding.models import BrandFile
from portico.domain.branding.pictures import Picture
from portico.domain.businesses.models import Business


def keep_file(business: Business, file: Picture) -> None:
    """Keep a file under the name of its content, once."""
    kept = {"media_type": file.media_type, "content": file.content, "drawn": file.drawn}
    BrandFile.objects.get_or_create(business=business, name=file.name, defaults=kept)


def set_recorded(business: Business, wanted: Mapping[str, Any], event: Event, by: Actor) -> Business:
    """Set those fields of a locked business that change, and record it; nothing when none does."""
    after = {name: value for name, value in wanted.items() if value != getattr(business, name)}
    if not after:
        return business
    before = {name: getattr(business, name) for name in after}
    for name, value in after.items():
        setattr(business, name, value)
    business.save(update_fields=list(after))
    record(event, business, by=by, data={"before": before, "after": after})
    return business
