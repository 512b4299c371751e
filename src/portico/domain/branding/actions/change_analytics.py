from dataclasses import asdict

from django.db import transaction

from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.branding.analytics import Analytics, checked
from portico.domain.businesses.actions.set_recorded import set_recorded
from portico.domain.businesses.models import Business


@transaction.atomic
def change_analytics(business: Business, wanted: Analytics, *, by: Actor) -> Business:
    """Set who counts the portal's visits, or nobody. Raises AnalyticsRefused and changes nothing."""
    kept = checked(wanted)
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    value = asdict(kept) if kept.service else {}
    return set_recorded(business, {"analytics": value}, Event.ANALYTICS_CHANGED, by)
