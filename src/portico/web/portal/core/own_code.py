"""What a business adds to its portal's pages: style sheet, script, what counts visits, and sites to load from.

Nothing of it is on pages where somebody signs in, proves who they are or pays: those ask for `brand_of` alone.
"""

import re
from dataclasses import replace
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portico.domain.branding.analytics import Analytics
from portico.domain.branding.sites import Use, policy_with
from portico.domain.businesses.models import Business
from portico.web.shared.brand import Brand, Counting, OwnScript, brand_of

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def customized(request: HttpRequest, business: Business) -> Brand:
    """Return the brand of a page with all that the business has added; `?css=off` leaves its style sheet out."""
    brand = brand_of(business)
    stylesheet = business.stylesheet if business.stylesheet_on and request.GET.get("css") != "off" else ""
    analytics = Analytics.of(business.analytics)
    if not stylesheet and not business.trusted_sites and not analytics.service and not business.script_on:
        return brand
    return replace(
        brand,
        stylesheet_url=reverse("brand_file", args=[stylesheet]) if stylesheet else "",
        analytics=_counting(request, business, analytics) if analytics.service else None,
        script=_script(request, business) if business.script_on else None,
        policy=_policy(business, analytics),
    )


def _counting(request: HttpRequest, business: Business, analytics: Analytics) -> Counting:
    """What a service that counts visits is told of a page, and what the visitor is asked first."""
    own = analytics.texts.get(get_language() or "")
    text = own or _("May we count your visit? %(name)s learns which pages are used.")
    return Counting(
        service=analytics.service,
        site_id=analytics.site_id,
        host=analytics.host,
        text=text.replace("%(name)s", business.name) if analytics.asks else "",
        page=_kind_of_page(request),
        base=reverse("home"),
        portal=business.slug,
    )


def _script(request: HttpRequest, business: Business) -> OwnScript:
    return OwnScript(
        url=reverse("brand_file", args=[business.script]),
        integrity=business.script_integrity,
        page=_kind_of_page(request),
        portal=business.slug,
        sees_customer=business.script_sees_customer,
    )


def _kind_of_page(request: HttpRequest) -> str:
    """Return the shape of a page's address, without what names a customer, a document or a link."""
    return "/" + _PARAMETER.sub(r":\1", request.resolver_match.route if request.resolver_match else "unknown")


def _policy(business: Business, analytics: Analytics) -> dict[str, Any]:
    sites: dict[str, list[str]] = {
        use: [*business.trusted_sites.get(use, ()), *analytics.sites().get(use, ())] for use in Use
    }
    policy = policy_with(cast("dict[str, list[str]]", settings.SECURE_CSP), sites)
    if sites[Use.SCRIPT] or business.script_on:
        # Beside it a browser heeds no names: whatever a script of ours loads would be allowed.
        policy["script-src"].remove(CSP.STRICT_DYNAMIC)
    return policy | {"report-uri": [reverse("policy_report")]}
