"""A customer makes a saved method the default, or removes it: each is asked first."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents.errors import WrongState
from portico.domain.documents.plan_queries import collecting
from portico.domain.payments.actions import keep_methods
from portico.domain.payments.autopay import autopay_of, collections, collector_of
from portico.domain.payments.models import PaymentMethod
from portico.domain.payments.queries import payment_method, payment_methods
from portico.output.wording.payment_methods import saved_label
from portico.web.portal.core.gate import FORM, portal_page
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.urls import page_url
from portico.web.portal.payment_methods.saved import retried_url


@portal_page(methods=FORM, fresh=True)
def default_method(request: HttpRequest, viewer: CustomerViewer, key: str) -> HttpResponse:
    """Ask whether the method is used from now on; a POST does it, and tries again what has failed."""
    method = payment_method(viewer, viewer.customer, key)
    if request.method == "POST":
        keep_methods.make_default(method, by=viewer.actor)
        return HttpResponseRedirect(retried_url(viewer, "default"), status=303)
    return _ask(request, viewer, method, "default")


@portal_page(methods=FORM, fresh=True)
def remove_method(request: HttpRequest, viewer: CustomerViewer, key: str) -> HttpResponse:
    """Ask whether the method is removed, and say what AutoPay does then; a POST does it."""
    method = payment_method(viewer, viewer.customer, key)
    if request.method != "POST":
        return _ask(request, viewer, method, "remove")
    try:
        keep_methods.remove_method(method, by=viewer.actor)
    except WrongState:
        return _ask(request, viewer, method, "remove", under_way=True)
    return HttpResponseRedirect(f"{page_url('payment_methods')}?saved=removed", status=303)


def _ask(
    request: HttpRequest, viewer: CustomerViewer, method: PaymentMethod, what: str, *, under_way: bool = False
) -> HttpResponse:
    autopay = autopay_of(viewer.customer)
    others = [row for row in payment_methods(viewer, viewer.customer) if row.pk != method.pk]
    context = {
        "what": what,
        "label": saved_label(method),
        "used_by_autopay": autopay is not None and method.is_default,
        "has_autopay": autopay is not None,
        "plans": [row.document.number for row in collecting(viewer.customer)] if method.is_default else [],
        # The newest of the others takes its place.
        "next_label": saved_label(max(others, key=lambda row: row.pk)) if others else "",
        "retries": any(row.failures for row in collections(collector_of(viewer.customer))),
        "under_way": under_way,
        "back_url": page_url("payment_methods"),
    }
    status = 409 if under_way else 200
    template = "portal/payment_methods/change.html"
    return customer_page(request, viewer, template, context, nav="billing_details", status=status)
