"""Where browsers tell what a page's content security policy forbade: counted for the business, and answered alike."""

import json
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from portico.domain.access.programs.actions import rate_limit
from portico.domain.branding.actions.note_violation import note_violation
from portico.lib.visitors import subnet_of
from portico.web.portal.core.gate import portal_business
from portico.web.shared.sites import visitor_ip

_LONGEST = 8_000
_PER_BUSINESS = rate_limit.Limit("policy reports", 300, timedelta(hours=1))
_PER_ADDRESS = rate_limit.Limit("policy reports of an address", 30, timedelta(hours=1))


@csrf_exempt
def policy_report(request: HttpRequest) -> HttpResponse:
    """Count a report; its sender learns nothing by it."""
    business = portal_business(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    report = _read(request)
    if report is not None and business.portal_enabled and _within_limits(request, str(business.id)):
        note_violation(business, report)
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


def _within_limits(request: HttpRequest, business: str) -> bool:
    return rate_limit.hit(_PER_ADDRESS, subnet_of(visitor_ip(request))) and rate_limit.hit(_PER_BUSINESS, business)


def _read(request: HttpRequest) -> dict[str, Any] | None:
    if not 0 < int(request.META.get("CONTENT_LENGTH") or 0) <= _LONGEST:
        return None
    try:
        told = json.loads(request.body)
    except ValueError:
        return None
    report = told.get("csp-report") if isinstance(told, dict) else None
    return report if isinstance(report, dict) else None
