from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F

from portico.domain.branding.errors import SiteRefused
from portico.domain.branding.models import PolicyViolation
from portico.domain.branding.sites import DIRECTIVES, covers, parse_site
from portico.domain.businesses.models import Business
from portico.lib.clock import now

# Anybody can tell us anything: more than these are not kept.
MOST_VIOLATIONS = 50
_USES = {directive: use for use, directive in DIRECTIVES.items()}


@transaction.atomic
def record_violation(business: Business, report: Mapping[str, Any]) -> bool:
    """Count what a browser says its policy forbade; tells whether it was something that can be trusted.

    Only which site and for what is kept: addresses may hold secrets, and the sender of a report is not known.
    """
    said = str(report.get("effective-directive") or report.get("violated-directive") or "").split(" ")[0]
    use = _USES.get(said.removesuffix("-elem").removesuffix("-attr"))
    try:
        parts = urlsplit(str(report.get("blocked-uri") or ""))
        origin = parse_site(f"{parts.scheme}://{parts.netloc}")
    except (SiteRefused, ValueError):
        return False
    if use is None or covers(business.trusted_sites.get(use, ()), origin):
        return False
    found = PolicyViolation.objects.filter(business=business, use=use, origin=origin)
    if found.update(count=F("count") + 1, last_at=now()):
        return True
    if PolicyViolation.objects.filter(business=business).count() >= MOST_VIOLATIONS:
        return False
    PolicyViolation.objects.get_or_create(business=business, use=use, origin=origin, defaults={"last_at": now()})
    return True
