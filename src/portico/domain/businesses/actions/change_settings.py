from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.actions.set_recorded import set_recorded
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
    "plans_need_approval",
)

MAIL_SETTINGS = ("mail_attaches_pdf", "mail_issued_invoices", "mail_reminders", "reminder_days")


@transaction.atomic
def change_portal_settings(business: Business, changes: Mapping[str, Any], *, by: Actor) -> Business:
    """Set some of `PORTAL_SETTINGS`; values are already valid. What is unchanged is not recorded.

    Switching the portal off ends every session for good; its links work again once it is on.
    """
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    if business.portal_enabled and changes.get("portal_enabled") is False:
        # Sessions do not go on where they were when the portal opens again: their links are asked for anew.
        business.portal_closed_at = now()
        business.save(update_fields=["portal_closed_at"])
    return set_recorded(business, _named(changes, PORTAL_SETTINGS), Event.SETTINGS_CHANGED, by)


@transaction.atomic
def change_payment_settings(business: Business, changes: Mapping[str, Any], *, by: Actor) -> Business:
    """Set some of `PAYMENT_SETTINGS`; values are already valid. What is unchanged is not recorded."""
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    return set_recorded(business, _named(changes, PAYMENT_SETTINGS), Event.SETTINGS_CHANGED, by)


@transaction.atomic
def change_mail_settings(business: Business, changes: Mapping[str, Any], *, by: Actor) -> Business:
    """Set some of `MAIL_SETTINGS`; values are already valid. What is unchanged is not recorded."""
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    return set_recorded(business, _named(changes, MAIL_SETTINGS), Event.SETTINGS_CHANGED, by)


@transaction.atomic
def require_second_factor(business: Business, *, required: bool, by: Actor) -> Business:
    """Let staff in with a second factor alone, or with their password as well. The same again changes nothing."""
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    return set_recorded(business, {"second_factor_required": required}, Event.SETTINGS_CHANGED, by)


def _named(changes: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: changes[name] for name in names if name in changes}
