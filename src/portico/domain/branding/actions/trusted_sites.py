from collections.abc import Collection

from django.db import transaction

from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.branding.errors import SiteRefused
from portico.domain.branding.models import PolicyViolation
from portico.domain.branding.sites import MOST_SITES, Use, parse_site
from portico.domain.businesses.actions.set_recorded import set_recorded
from portico.domain.businesses.models import Business


@transaction.atomic
def trust_site(business: Business, text: str, uses: Collection[Use], *, by: Actor) -> Business:
    """Let the portal's pages load from a site for these uses. Raises SiteRefused."""
    site = parse_site(text)
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    sites = {use: list(kept) for use, kept in business.trusted_sites.items()}
    for use in uses:
        sites[use] = sorted({*sites.get(use, []), site})
    if sum(map(len, sites.values())) > MOST_SITES:
        raise SiteRefused(f"At most {MOST_SITES} sites can be trusted.", code="too_many_sites")
    PolicyViolation.objects.filter(business=business, origin=site, use__in=uses).delete()
    return set_recorded(business, {"trusted_sites": sites}, Event.TRUSTED_SITES_CHANGED, by)


@transaction.atomic
def distrust_site(business: Business, site: str, use: str, *, by: Actor) -> Business:
    """Let pages load from a site for this use no more; a style sheet that needs it stays as it is, without effect."""
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    sites = {
        name: [kept for kept in rows if (name, kept) != (use, site)] for name, rows in business.trusted_sites.items()
    }
    sites = {name: rows for name, rows in sites.items() if rows}
    return set_recorded(business, {"trusted_sites": sites}, Event.TRUSTED_SITES_CHANGED, by)
