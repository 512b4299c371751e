"""After credits have paid: what the invoices come to now."""

from django.http import HttpRequest, HttpResponse

from portico.domain.access.viewer import CustomerViewer
from portico.web.portal.core.gate import portal_page
from portico.web.portal.core.layout import customer_page
from portico.web.portal.core.urls import item_url, page_url
from portico.web.portal.pay.paid_line import PaidLine
from portico.web.portal.pay.selection import named_invoices
from portico.web.shared.page import reader_formatter


@portal_page()
def credits_applied(request: HttpRequest, viewer: CustomerViewer) -> HttpResponse:
    """Show the invoices that the address names, each with what is still open."""
    fmt = reader_formatter()
    lines = [
        PaidLine(
            row.number,
            item_url("invoice", row.public_id),
            fmt.money(row.payable, row.currency),
            fmt.money(row.open_amount, row.currency) if row.open_amount > 0 else "",
        )
        for row in named_invoices(viewer, request.GET.getlist("invoice"))
    ]
    context = {"lines": lines, "onward_url": page_url("home")}
    return customer_page(request, viewer, "portal/pay/credits_applied.html", context, nav="home")
