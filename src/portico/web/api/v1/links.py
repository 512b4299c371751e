from datetime import UTC
from http import HTTPStatus
from typing import TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Router

from portico.domain.access import queries as access
from portico.domain.access.links.actions.make_portal_link import api_portal_url
from portico.domain.access.portal_urls import link_url
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import LINKS, viewer_of
from portico.web.api.v1.idempotency import IDEMPOTENT, idempotent

router = Router(tags=["Portal links"])


class PortalUrl(TypedDict):
    """A link into a customer's portal, and when it ends."""

    portal_url: str
    expires_at: str


class PortalUrlOut(TypedDict):
    """A fresh link."""

    customer: PortalUrl


@router.get("/{path:customer}/portal_url", auth=LINKS, response={200: PortalUrlOut}, summary="Make a portal link")
def get_portal_url(request: HttpRequest, customer: str) -> HttpResponse:
    """Make a link that signs this customer in, good for 12 hours: to redirect to, or to embed. Each call makes one."""
    return _fresh(request, customer)


@router.post(
    "/{path:customer}/portal_url",
    auth=LINKS,
    response={200: PortalUrlOut},
    openapi_extra=IDEMPOTENT,
    summary="Make a portal link",
)
@idempotent
def post_portal_url(request: HttpRequest, customer: str) -> HttpResponse:
    """The same by POST, for programs that make things with POST only."""
    return _fresh(request, customer)


def _fresh(request: HttpRequest, name: str) -> HttpResponse:
    viewer = viewer_of(request)
    customer = access.customer(viewer, name)
    grant, secret = api_portal_url(customer, by=viewer.actor)
    expires_at = grant.expires_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    body: PortalUrlOut = {"customer": {"portal_url": link_url(viewer.business, secret), "expires_at": expires_at}}
    return answer(body, HTTPStatus.OK)
