from collections.abc import Collection
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
    "apply_credits_to_new_invoices",
    "welcome_message",
    "allow_promises",
    "allow_messages",
)
PAYMENT_SETTINGS = (
    "allow_partial_payments",
    "partial_payment_minimum",
    "allow_advance_payments",
    "allow_credits",
    "allow_autopay",
    "autopay_delay_days",
)


@transaction.atomic
def change_portal_settings(business: Business, changes: dict[str, Any], *, by: Actor) -> Business:
    """Set some of `PORTAL_SETTINGS`; values are already valid. What is unchanged is not recorded.

    Switching the portal off ends every session for good; its links work again once it is on.
    """
    business = Business.objects.select_for_update().get(pk=business.pk)
    before, changed = _set(business, changes, PORTAL_SETTINGS)
    if not changed:
        return business
    closing = changed.get("portal_enabled") is False
    if closing:
        # Sessions do not go on where they were when the portal opens again: their links are asked for anew.
        business.portal_closed_at = now()
    business.save(update_fields=[*changed, "portal_closed_at"])
    _record(business, before, changed, by)
    return business


@transaction.atomic
def change_payment_settings(business: Business, changes: dict[str, Any], *, by: Actor) -> Business:
    """Set some of `PAYMENT_SETTINGS`; values are already valid. What is unchanged is not recorded."""
    business = Business.objects.select_for_update().get(pk=business.pk)
    before, changed = _set(business, changes, PAYMENT_SETTINGS)
    if changed:
        business.save(update_fields=list(changed))
        _record(business, before, changed, by)
    return business


def _set(business: Business, changes: dict[str, Any], names: Collection[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set those of the named settings that change; returns them as they were and as they are."""
    changed = {name: changes[name] for name in names if name in changes}
    changed = {name: value for name, value in changed.items() if value != getattr(business, name)}
    before = {name: getattr(business, name) for name in changed}
    for name, value in changed.items():
        setattr(business, name, value)
    return before, changed


def _record(business: Business, before: dict[str, Any], changed: dict[str, Any], by: Actor) -> None:
    record(Event.SETTINGS_CHANGED, business, by=by, data={"before": before, "after": changed})
