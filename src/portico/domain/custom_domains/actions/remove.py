from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.domain.custom_domains.actions.use import set_preferred
from portico.domain.custom_domains.models import CustomDomain
from portico.lib.clock import now


@transaction.atomic
def remove_domain(domain: CustomDomain, *, by: Actor) -> None:
    """Stop serving a domain at once. Links made with it are dead; new ones lead to the installation's address."""
    business = Business.objects.select_for_update(no_key=True).get(pk=domain.business_id)
    domain.refresh_from_db()
    if domain.removed_at is not None:
        return
    domain.removed_at = now()
    domain.save(update_fields=["removed_at"])
    if business.custom_domain == domain.name:
        set_preferred(business, "")
    record(Event.CUSTOM_DOMAIN_REMOVED, domain, by=by, data={"name": domain.name})
