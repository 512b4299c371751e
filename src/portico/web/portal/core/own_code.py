"""What a business adds to its portal's pages: style sheet, script, what counts visits, and sites to load from.

Nothing of it is on pages where somebody signs in, proves who they are or pays: those ask for `brand_of` alone. What
runs is only on a portal with a host of its own: by a path of the base host, it would run in the origin of the dashboard
and of every other business's portal.
"""

import re
from dataclasses import replace
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import gettext as _

from portico.domain.branding.analytics import Analytics
from portico.domain.branding.sites import Use, policy_with
from portico.domain.businesses.models import Business
from portico.lib.l10n import current_language
from portico.web.shared.brand import REPORTS, Brand, Counting, OwnScript, brand_of
from portico.web.shared.sites import requested_site

# What runs, and what only something that runs has a use for; a frame can show a sign-in page of somebody else's.
_ACTIVE = frozenset({Use.SCRIPT, Use.CONNECT, Use.FRAME})
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def customized(request: HttpRequest, business: Business) -> Brand:
    """Return the brand of a page with all that the business has added and that may be on this host."""
    brand = styled(request, business)
    runs = not requested_site(request).prefixed
    analytics = Analytics.of(business.analytics) if runs else Analytics()
    script_on = business.script_on and runs
    if not brand.stylesheet_url and not business.trusted_sites and not analytics.service and not script_on:
        return brand
    return replace(
        brand,
        analytics=_counting(request, business, analytics) if analytics.service else None,
        script=_script(request, business) if script_on else None,
        policy=_policy(business, analytics, runs=runs),
    )


def styled(request: HttpRequest, business: Business) -> Brand:
    """Return the brand of a page with the business's style sheet alone; `?css=off` leaves it out."""
    brand = brand_of(business)
    if not business.stylesheet or not business.stylesheet_on or request.GET.get("css") == "off":
        return brand
    return replace(brand, stylesheet_url=reverse("brand_file", args=[business.stylesheet]))


def _counting(request: HttpRequest, business: Business, analytics: Analytics) -> Counting:
    """What a service that counts visits is told of a page, and what the visitor is asked first."""
    own = analytics.texts.get(current_language())
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


def _policy(business: Business, analytics: Analytics, *, runs: bool) -> dict[str, Any]:
    sites: dict[str, list[str]] = {
        use: [*business.trusted_sites.get(use, ()), *analytics.sites().get(use, ())]
        for use in Use
        if runs or use not in _ACTIVE
    }
    policy = policy_with(cast("dict[str, list[str]]", settings.SECURE_CSP), sites)
    if runs and (sites[Use.SCRIPT] or business.script_on):
        # Beside it a browser heeds no names: whatever a script of ours loads would be allowed.
        policy["script-src"].remove(CSP.STRICT_DYNAMIC)
    # Browsers that know `report-to` heed it alone; Firefox knows the other.
    return policy | {"report-uri": [reverse("policy_report")], "report-to": [REPORTS]}
