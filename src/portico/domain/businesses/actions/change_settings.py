from typing import Any

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.lib.clock import now

PORTAL_SETTINGS = (
    "portal_enabled",
    "link_life_days",
    "show_sales_orders",
    "show_credit_notes",
    "show_statements",
    "allow_contact_edits",
    "welcome_message",
    "bank_details",
)


@transaction.atomic
def change_portal_settings(business: Business, changes: dict[str, Any], *, by: Actor) -> Business:
    """Set some of `PORTAL_SETTINGS`; values are already valid. What is unchanged is not recorded.

    Switching the portal off ends every visit for good; its links work again once it is on.
    """
    business = Business.objects.select_for_update().get(pk=business.pk)
    changed = {name: changes[name] for name in PORTAL_SETTINGS if name in changes}
    changed = {name: value for name, value in changed.items() if value != getattr(business, name)}
    if not changed:
        return business
    before = {name: getattr(business, name) for name in changed}
    for name, value in changed.items():
        setattr(business, name, value)
    closing = changed.get("portal_enabled") is False
    if closing:
        # Visits do not go on where they were when the portal opens again: their links are asked for anew.
        business.portal_closed_at = now()
    if "bank_details" in changed:
        business.bank_details_changed_at = now()
    business.save(update_fields=[*changed, "portal_closed_at", "bank_details_changed_at"])
    record(Event.SETTINGS_CHANGED, business, by=by, data={"before": before, "after": changed})
    return business
