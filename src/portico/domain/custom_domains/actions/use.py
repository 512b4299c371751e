from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.domain.custom_domains.errors import DomainRefused
from portico.domain.custom_domains.models import CustomDomain


@transaction.atomic
def use_domain(domain: CustomDomain, *, by: Actor) -> None:
    """Have links, mails and pages lead to a domain from now on. Raises DomainRefused when it isn't ready."""
    business = Business.objects.select_for_update(no_key=True).get(pk=domain.business_id)
    domain.refresh_from_db()
    if not domain.is_served:
        raise DomainRefused("The domain is not proven yet.", code="domain_unproven")
    if not domain.leads_here:
        raise DomainRefused("The domain does not lead here yet.", code="domain_elsewhere")
    if business.custom_domain == domain.name:
        return
    set_preferred(business, domain.name)
    record(Event.CUSTOM_DOMAIN_USED, domain, by=by, data={"name": domain.name})


@transaction.atomic
def use_default(business: Business, *, by: Actor) -> None:
    """Have links lead to the address that this installation gives a business; its domains go on being served."""
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    domain = CustomDomain.objects.filter(business=business, name=business.custom_domain, removed_at=None).first()
    if domain is None:
        return
    set_preferred(business, "")
    record(Event.CUSTOM_DOMAIN_LEFT, domain, by=by, data={"name": domain.name})


def set_preferred(business: Business, name: str) -> None:
    """Set where links of a locked business lead; an empty name is the installation's own address."""
    business.custom_domain = name
    business.save(update_fields=["custom_domain"])
