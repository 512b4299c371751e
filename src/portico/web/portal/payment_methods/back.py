"""Back from the bank's page, which asks to confirm a payment method before it is saved."""

from collections.abc import Sequence
from datetime import timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from portico.domain.access import queries as access
from portico.domain.access.programs.actions.rate_limit import Limit, hit
from portico.domain.access.viewer import CustomerViewer
from portico.domain.activity.actor import Actor
from portico.domain.businesses.models import Business
from portico.domain.customers.models import Customer
from portico.domain.payments.actions.save_method import Setup, finish_setup
from portico.domain.payments.gateway import OutcomeState, ProviderRefused, ProviderUnreachable
from portico.domain.payments.models import PaymentAttempt
from portico.domain.payments.queries import gateway_account
from portico.lib.errors import NotFound
from portico.web.portal.core.gate import current_viewer, language_for, public_page
from portico.web.portal.core.notices import Notice, notice_page
from portico.web.portal.core.refusals import NotVisible
from portico.web.portal.payment_methods.saved import go_to_list, list_url, put_to_use
from portico.web.portal.payment_methods.to_bank import SetupUnderWay, setup_in
from portico.web.shared.sites import visitor_ip

# A page in a frame asks again and again while the bank's page is open in a tab.
_ASKING = Limit("payment methods awaiting a bank", 360, timedelta(hours=1))
_UNDECIDED = {OutcomeState.REQUIRES_ACTION, OutcomeState.PROCESSING, OutcomeState.UNKNOWN}


# Who left a frame for a bank comes back in a tab, which has no session.
@public_page(leads_over=False)
def method_saved(request: HttpRequest, business: Business) -> HttpResponse:
    """Take back a customer whom a bank sends: ask the provider what became of the method, keep it, and say so.

    It does not depend on a session: the address was made for this one method, and a bank has it alone.
    """
    viewer = current_viewer(request)
    try:
        under_way = setup_in(request.GET.get("setup", ""))
        customer = access.customer_signed_for(business, under_way.customer)
    except (signing.BadSignature, NotFound):
        return go_to_list()
    if viewer is not None and viewer.customer != customer:
        raise NotVisible(viewer)
    waits = request.headers.get("HX-Request") == "true"
    if waits and not hit(_ASKING, customer.public_id):
        return HttpResponse(status=204)
    by = viewer.actor if viewer else Actor("customer", customer.public_id, customer.name, visitor_ip(request))
    setup = _finished(customer, under_way, by)
    if waits and (setup is None or (setup.method is None and setup.outcome.state in _UNDECIDED)):
        return HttpResponse(status=204)
    if setup is not None and setup.method is not None:
        # The tab that comes back and the frame that waits both end here, and either may be loaded anew.
        first = setup.is_new or not setup.method.is_default
        tried = put_to_use(setup.method, default=under_way.default, by=by) if first else []
        return _told(request, customer, viewer, "added", tried)
    return _told(request, customer, viewer, "failed" if setup else "unknown")


def _finished(customer: Customer, under_way: SetupUnderWay, by: Actor) -> Setup | None:
    """Return what became of a method, or None when the provider gives no answer."""
    try:
        return finish_setup(customer, gateway_account(customer.business, under_way.gateway), key=under_way.key, by=by)
    except (ProviderUnreachable, ProviderRefused, NotFound):
        return None


def _told(
    request: HttpRequest,
    customer: Customer,
    viewer: CustomerViewer | None,
    what: str,
    tried: Sequence[PaymentAttempt] = (),
) -> HttpResponse:
    """Say how it went: in the list of methods, or in a notice for who has no session here."""
    if request.headers.get("HX-Request") == "true":
        # The page that waits has no place for an answer: there is another page to be seen.
        return HttpResponse(headers={"HX-Redirect": list_url(what, tried)})
    if viewer is None:
        with translation.override(language_for(request, customer.business, None, customer)):
            return notice_page(request, customer.business, _notice(what, from_frame="frame" in request.GET))
    return go_to_list(what, tried)


def _notice(what: str, *, from_frame: bool) -> Notice:
    text = {
        "added": _("The payment method is saved."),
        "failed": _("The bank has not confirmed it. Nothing was saved."),
        "unknown": _(
            "The bank gives no answer at the moment. Please look again in a few minutes before you add it again."
        ),
    }[what]
    if from_frame:
        text = f"{text} {_('You can go on in the tab that you came from.')}"
    return Notice(_("Payment methods"), text, sign_in=not from_frame)
