from datetime import UTC, timedelta
from http import HTTPStatus
from typing import Annotated, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, Strict

from portico.domain.access import queries as access
from portico.domain.access.links.actions.make_magic_link import (
    LONGEST_MAGIC_LINK_LIFE,
    MAGIC_LINK_LIFE,
    MagicLinkInput,
    magic_link,
)
from portico.domain.access.links.pages import PAGES
from portico.domain.access.portal_urls import link_url
from portico.web.api.v1.answer import answer
from portico.web.api.v1.auth import LINKS, viewer_of
from portico.web.api.v1.fields import Input, OneOf, Text
from portico.web.api.v1.idempotency import IDEMPOTENT, idempotent

router = Router(tags=["Sign-in links"])

_LONGEST = int(LONGEST_MAGIC_LINK_LIFE.total_seconds())
_USUAL = int(MAGIC_LINK_LIFE.total_seconds())


class SignInLinkIn(Input):
    """What a sign-in link leads to, and for how long. Everything may be left out."""

    page: Annotated[
        Annotated[Text, OneOf(PAGES)] | None,
        Field(description="The page it leads to; My Account when left out", examples=["invoices"]),
    ] = None
    expires_in: Annotated[
        Annotated[int, Strict(), Field(ge=1, le=_LONGEST)] | None,
        Field(description=f"How long it works, in seconds; {_USUAL} when left out", examples=[900]),
    ] = None
    return_url: Annotated[
        Annotated[Text, Field(max_length=500)] | None,
        Field(
            description="Where a link back leads from the portal's pages, on a site that the business has listed",
            examples=["https://shop.example.com/account"],
        ),
    ] = None


class SignInLinkOut(TypedDict):
    """A fresh link into a customer's account, and when it ends."""

    url: str
    expires_at: str


@router.post(
    "/{path:customer}/sign_in_links",
    auth=LINKS,
    response={201: SignInLinkOut},
    openapi_extra=IDEMPOTENT,
    summary="Make a sign-in link",
)
@idempotent
def create_sign_in_link(request: HttpRequest, customer: str, body: SignInLinkIn | None = None) -> HttpResponse:
    """Make a link that signs this customer in, as often as it is opened until it ends. Others stay good."""
    viewer, given = viewer_of(request), body or SignInLinkIn()
    data = MagicLinkInput(
        life=timedelta(seconds=given.expires_in) if given.expires_in else MAGIC_LINK_LIFE,
        page=given.page or "",
        return_url=given.return_url or "",
    )
    grant, secret = magic_link(access.customer(viewer, customer), data, by=viewer.actor)
    made: SignInLinkOut = {
        "url": link_url(viewer.business, secret),
        "expires_at": grant.expires_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return answer(made, HTTPStatus.CREATED)
