"""What a business adds to its portal's pages: its style sheet, and the sites that pages may load from.

Nothing of it is on pages where somebody signs in, proves who they are or pays: those ask for `brand_of` alone.
"""

from dataclasses import replace
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.csp import CSP

from portico.domain.branding.sites import Use, policy_with
from portico.domain.businesses.models import Business
from portico.web.portal.core.urls import item_url, page_url
from portico.web.shared.brand import Brand, brand_of


def customized(request: HttpRequest, business: Business) -> Brand:
    """Return the brand of a page with all that the business has added; `?css=off` leaves its style sheet out."""
    brand = brand_of(business)
    stylesheet = business.stylesheet if business.stylesheet_on and request.GET.get("css") != "off" else ""
    if not stylesheet and not business.trusted_sites:
        return brand
    return replace(
        brand,
        stylesheet_url=item_url("brand_file", stylesheet) if stylesheet else "",
        policy=_policy(business),
    )


def _policy(business: Business) -> dict[str, Any]:
    policy = policy_with(cast("dict[str, list[str]]", settings.SECURE_CSP), business.trusted_sites)
    if business.trusted_sites.get(Use.SCRIPT):
        # Beside it a browser heeds no names: whatever a script of ours loads would be allowed.
        policy["script-src"].remove(CSP.STRICT_DYNAMIC)
    return policy | {"report-uri": [page_url("policy_report")]}
