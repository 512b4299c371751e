import secrets

from django.db import transaction

from portico.domain.activity.actions.record import record
from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.models import Business
from portico.domain.custom_domains.errors import DomainRefused
from portico.domain.custom_domains.models import CustomDomain
from portico.domain.custom_domains.names import parse_domain
from portico.domain.custom_domains.queries import domains_of, is_taken

MOST_DOMAINS = 10


@transaction.atomic
def register_domain(business: Business, text: str, *, by: Actor) -> CustomDomain:
    """Register a domain that the business wants its portal to answer at, and return it, not yet served.

    One that is registered already is returned as it is. Raises DomainRefused.
    """
    name = parse_domain(text)
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    mine = list(domains_of(business))
    for domain in mine:
        if domain.name == name:
            return domain
    if len(mine) >= MOST_DOMAINS:
        raise DomainRefused(f"At most {MOST_DOMAINS} domains can be listed.", code="too_many_domains")
    if is_taken(name, business):
        raise DomainRefused("This domain is in use here already.", code="domain_taken")
    domain = CustomDomain.objects.create(business=business, name=name, token=secrets.token_hex(16))
    record(Event.CUSTOM_DOMAIN_ADDED, domain, by=by, data={"name": name})
    return domain
