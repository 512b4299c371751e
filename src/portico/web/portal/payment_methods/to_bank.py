"""The way to the bank's page, which asks to confirm a payment method before it is saved, and its way back."""

from typing import NamedTuple
from urllib.parse import urlsplit

from django.core import signing
from django.http import HttpRequest, HttpResponse

from portico.domain.access.portal_urls import setup_return_url
from portico.domain.access.viewer import CustomerViewer
from portico.web.portal.core.gate import base_visited
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.urls import page_url
from portico.web.shared.frames import frame_of, in_frame

_SALT = "portico.method_setup"
# A bank's page may lie open for a while.
_SECONDS = 24 * 60 * 60


class SetupUnderWay(NamedTuple):
    """A method that is being saved: whose by public id, with which gateway and key, and whether to be the default."""

    customer: str
    gateway: str
    key: str
    default: bool


def return_url(request: HttpRequest, viewer: CustomerViewer, gateway: str, key: str, *, default: bool) -> str:
    """Return where the bank sends the customer back to: it names the method that is being saved."""
    token = signing.dumps(SetupUnderWay(viewer.customer.public_id, gateway, key, default), salt=_SALT)
    return setup_return_url(base_visited(request, viewer.business), token, in_frame=in_frame(request))


def setup_in(token: str) -> SetupUnderWay:
    """Return the method that an address of `return_url` names. Raises BadSignature."""
    return SetupUnderWay(*signing.loads(token, salt=_SALT, max_age=_SECONDS))


def to_the_bank(request: HttpRequest, viewer: CustomerViewer, url: str, back_url: str) -> HttpResponse:
    """Lead on to the bank's page. No bank lets itself be shown in a frame: there it opens in a new tab."""
    if frame_of(viewer) is None:
        return HttpResponse(status=303, headers={"Location": url})
    context = {"bank_url": url, "back_url": f"{page_url('payment_method_saved')}?{urlsplit(back_url).query}"}
    return customer_page(request, viewer, "portal/payment_methods/to_bank.html", context, nav="billing_details")
