from collections.abc import Mapping
from typing import Any

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business


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
