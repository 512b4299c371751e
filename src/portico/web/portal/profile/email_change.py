"""The account's e-mail address: asked for in the billing details, confirmed and taken back by links in mails."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from portico.domain.access.errors import PortalOff, VerificationClosed, VerificationUnknown
from portico.domain.access.models import EmailVerification
from portico.domain.access.sign_in.actions import change_email as access
from portico.domain.access.sign_in.queries.verifications import find_email_change
from portico.domain.access.viewer import CustomerViewer
from portico.domain.businesses.models import Business
from portico.lib.l10n import current_language
from portico.web.portal.core.gate import (
    FORM,
    client_of,
    current_viewer,
    keep_private,
    language_for,
    portal_business,
    portal_page,
)
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.mail_note import mail_note
from portico.web.portal.core.refusals import EmailLinkEnded, LinkNotFound, PortalUnavailable, Refusal
from portico.web.portal.core.urls import page_url
from portico.web.portal.profile.detail import edit_page
from portico.web.shared.brand import brand_of
from portico.web.shared.edit_form import EditForm, email
from portico.web.shared.page import page
from portico.web.shared.sites import visitor_ip

_CHANGE, _UNDO = EmailVerification.Kind.EMAIL_CHANGE, EmailVerification.Kind.EMAIL_UNDO


class EmailForm(EditForm):
    """Another address for the account than the `current` one; it begins empty."""

    def __init__(self, current: str, typed: Mapping[str, str] | None = None) -> None:
        self.current = current
        super().__init__({"email": ""}, typed)

    def add_fields(self) -> None:
        """Add its one field."""
        self.fields["email"] = email(_("New e-mail address"), required=True)

    def clean_email(self) -> str:
        """Refuse the address that is on file already."""
        address: str = self.cleaned_data["email"]
        if address == self.current:
            raise ValidationError(_("This is the address on file. Type another one."))
        return address


@portal_page("allow_contact_edits", methods=FORM, fresh=True)
def change_email(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Show the form; a POST has a link sent to the new address, on file or not."""
    on_file = viewer.customer.email
    words = {"on_file": on_file}
    if request.method != "POST":
        return edit_page(request, viewer, "portal/profile/change_email.html", EmailForm(on_file), words)
    form = EmailForm(on_file, request.POST.dict())
    if not form.is_valid():
        return edit_page(request, viewer, "portal/profile/change_email.html", form, words, status=422)
    address = form.cleaned_data["email"]
    access.request_email_change(viewer, address, client_of(request), language=current_language())
    context = {
        "address": address,
        "details_url": page_url("billing_details"),
        "mail_note": mail_note(viewer.business),
    }
    return customer_page(request, viewer, "portal/profile/email_asked.html", context, nav="billing_details")


@csrf_exempt
def confirm_email(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Ask the reader of the new address's mail to confirm it; the button does it, once."""

    def confirm(business: Business) -> None:
        viewer = current_viewer(request)
        here = viewer.session if viewer else None
        access.confirm_email_change(business, secret, ip=visitor_ip(request), here=here)

    return _mailed_link(request, secret, _CHANGE, confirm)


@csrf_exempt
def undo_email(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Ask the reader of the former address's mail whether to take the change back; the button does it."""

    def undo(business: Business) -> None:
        access.undo_email_change(business, secret, ip=visitor_ip(request))

    return _mailed_link(request, secret, _UNDO, undo)


def _mailed_link(
    request: HttpRequest, secret: str, kind: EmailVerification.Kind, act: Callable[[Business], None]
) -> HttpResponseBase:
    business = portal_business(request)
    try:
        verification = find_email_change(business, secret, kind)
    except (PortalOff, VerificationUnknown, VerificationClosed) as error:
        with translation.override(language_for(request, business, None)):
            raise _refusal(business, error) from error
    with translation.override(language_for(request, business, None, verification.customer)):
        return keep_private(_asked(request, verification, act))


def _asked(request: HttpRequest, verification: EmailVerification, act: Callable[[Business], None]) -> HttpResponseBase:
    business, customer = verification.business, verification.customer
    assert customer is not None
    context: dict[str, Any] = {
        "is_undo": verification.kind == _UNDO,
        "account": customer.name,
        "address": verification.email,
        "home_url": page_url("home"),
    }
    if request.method == "POST":
        return _pressed(request, business, act, context)
    if request.method in {"GET", "HEAD"}:
        return page(request, "portal/profile/confirm_email.html", context, brand=brand_of(business))
    return HttpResponseNotAllowed(sorted(FORM))


@csrf_protect
def _pressed(
    request: HttpRequest, business: Business, act: Callable[[Business], None], context: dict[str, Any]
) -> HttpResponseBase:
    try:
        act(business)
    except (PortalOff, VerificationUnknown, VerificationClosed) as error:
        raise _refusal(business, error) from error
    return page(request, "portal/profile/email_changed.html", context, brand=brand_of(business))


def _refusal(business: Business, error: PortalOff | VerificationUnknown | VerificationClosed) -> Refusal:
    if isinstance(error, PortalOff):
        return PortalUnavailable(business)
    if isinstance(error, VerificationUnknown):
        return LinkNotFound(business)
    return EmailLinkEnded(business, error.reason)
