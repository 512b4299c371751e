"""A customer enrols in AutoPay, knowing what is collected when, and leaves it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from portico.domain.access.viewer import CustomerViewer
from portico.domain.documents.plan_queries import collecting
from portico.domain.payments.actions.autopay import enrol, leave
from portico.domain.payments.autopay import autopay_of, default_method, preview
from portico.lib.errors import Conflict
from portico.output.wording.payment_methods import saved_label
from portico.web.portal.core.gate import FORM, portal_page
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.urls import page_url
from portico.web.portal.payment_methods.list import next_rows, wait_label
from portico.web.shared.page import reader_formatter


@portal_page(methods=FORM, fresh=True)
def autopay(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Ask whether AutoPay is switched on, or off while it is on; a POST does what its `do` says.

    With `off` in the address, also who is not enrolled is asked about plans that collect.
    """
    customer, status = viewer.customer, 200
    if request.method == "POST":
        try:
            if request.POST.get("do") == "leave":
                leave(customer, by=viewer.actor)
                return HttpResponseRedirect(f"{page_url('payment_methods')}?saved=left", status=303)
            enrol(customer, by=viewer.actor)
            return HttpResponseRedirect(f"{page_url('payment_methods')}?saved=enrolled", status=303)
        except Conflict:
            # Switched off or without a method meanwhile: the page says so.
            status = 409
    fmt, is_on, method = reader_formatter(), autopay_of(customer), default_method(customer)
    planned = preview(customer)
    agreed = [row for row in collecting(customer) if row.given_approval] if "off" in request.GET else []
    context = {
        "is_on": is_on is not None,
        "plans": [row.document.number for row in agreed] if is_on is None else [],
        "is_offered": viewer.business.allow_autopay,
        "method": saved_label(method) if method else "",
        "waits": wait_label(planned.days, fmt),
        "coming": next_rows(planned.collections, viewer, fmt),
        "add_url": page_url("add_payment_method"),
        "back_url": page_url("payment_methods"),
    }
    template = "portal/payment_methods/autopay.html"
    return customer_page(request, viewer, template, context, nav="billing_details", status=status)
