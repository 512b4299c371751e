"""Where browsers tell what a page's content security policy forbade: counted for the business, and answered alike."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from portico.domain.access.programs.actions import rate_limit
from portico.domain.branding.actions.record_violation import record_violation
from portico.lib.visitors import subnet_of
from portico.web.portal.core.gate import portal_business
from portico.web.shared.sites import visitor_ip

_LONGEST = 32_000
# Browsers keep reports for a minute and send them together.
_MOST_AT_ONCE = 20
_PER_BUSINESS = rate_limit.Limit("policy reports", 300, timedelta(hours=1))
_PER_ADDRESS = rate_limit.Limit("policy reports of an address", 30, timedelta(hours=1))


@csrf_exempt
def policy_report(request: HttpRequest) -> HttpResponse:
    """Count what is reported; its sender learns nothing by it."""
    business = portal_business(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    for report in _reports(request) if business.portal_enabled else ():
        if not _within_limits(request, str(business.id)):
            break
        record_violation(business, report)
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


def _within_limits(request: HttpRequest, business: str) -> bool:
    return rate_limit.hit(_PER_ADDRESS, subnet_of(visitor_ip(request))) and rate_limit.hit(_PER_BUSINESS, business)


def _reports(request: HttpRequest) -> Iterator[dict[str, Any]]:
    """Yield what browsers sent, to either address of a policy, in the words of `report-uri`."""
    data = _read(request)
    if isinstance(data, dict) and isinstance(data.get("csp-report"), dict):
        yield data["csp-report"]
    for row in data[:_MOST_AT_ONCE] if isinstance(data, list) else ():
        body = row.get("body") if isinstance(row, dict) and row.get("type") == "csp-violation" else None
        if isinstance(body, dict):
            yield {"blocked-uri": body.get("blockedURL"), "effective-directive": body.get("effectiveDirective")}


def _read(request: HttpRequest) -> Any:
    if not 0 < int(request.META.get("CONTENT_LENGTH") or 0) <= _LONGEST:
        return None
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        return None
