from datetime import timedelta

from django.db.models import QuerySet

from portico.domain.businesses.models import Business
from portico.domain.custom_domains.models import CustomDomain
from portico.lib.clock import now
from portico.lib.errors import NotFound
from portico.lib.ids import parse_public_id

# How long a removed domain stays reserved for the business that had proven it.
RESERVED = timedelta(days=30)


def business_at(host: str) -> Business | None:
    """Return the business whose portal answers at a domain of its own, or None."""
    served = CustomDomain.objects.filter(name=host, proven_at__isnull=False, removed_at__isnull=True)
    return Business.objects.filter(pk__in=served.values("business")).first()


def domains_of(business: Business) -> QuerySet[CustomDomain]:
    """The domains of a business that were not removed, the oldest first."""
    return CustomDomain.objects.filter(business=business, removed_at__isnull=True).order_by("created_at")


def domain_of(business: Business, public_id: str) -> CustomDomain:
    """Return a domain of a business by its public id. Raises NotFound."""
    key = parse_public_id(public_id, "custom_domain")
    found = domains_of(business).filter(pk=key).first() if key else None
    if found is None:
        raise NotFound("There is no such domain.")
    return found


def is_taken(name: str, business: Business) -> bool:
    """Tell whether another business has a domain, or had it until lately."""
    others = CustomDomain.objects.filter(name=name, proven_at__isnull=False).exclude(business=business)
    return any(row.removed_at is None or row.removed_at > now() - RESERVED for row in others)


def to_check(before: timedelta) -> QuerySet[CustomDomain]:
    """The domains that were not looked at for so long."""
    rows = CustomDomain.objects.filter(removed_at__isnull=True)
    return rows.exclude(checked_at__gt=now() - before).order_by("checked_at", "pk")
