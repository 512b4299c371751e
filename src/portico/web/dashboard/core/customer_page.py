"""The layout of a customer's pages: the head with the customer's name, and the tabs."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.domain.access.viewer import StaffViewer
from portico.domain.customers.models import Customer
from portico.web.dashboard.core.layout import staff_answer
from portico.web.shared.table import Tab


def customer_answer(
    request: HttpRequest,
    viewer: StaffViewer,
    found: Customer,
    tab: str,
    template: str,
    context: dict[str, Any],
    part: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    """Answer with a page of a customer's: its head and tabs, and on the tab what the template shows of `context`."""
    head = {
        "customer": found,
        "customer_id": found.public_id,
        "customer_tabs": [
            Tab(_("Overview"), reverse("customer", args=[found.public_id]), tab == "overview"),
            Tab(_("Documents"), reverse("customer_documents", args=[found.public_id]), tab == "documents"),
            Tab(_("Payments"), reverse("customer_payments", args=[found.public_id]), tab == "payments"),
            *_messages_tab(viewer, found, tab),
            Tab(_("Mail"), reverse("customer_mail", args=[found.public_id]), tab == "mail"),
            Tab(_("Timeline"), reverse("customer_timeline", args=[found.public_id]), tab == "timeline"),
            Tab(_("Access"), reverse("customer_access", args=[found.public_id]), tab == "access"),
        ],
    }
    return staff_answer(request, viewer, template, head | context, nav="customers", part=part, status=status)


def _messages_tab(viewer: StaffViewer, found: Customer, tab: str) -> list[Tab]:
    if not viewer.business.allow_messages:
        return []
    return [Tab(_("Messages"), reverse("customer_conversation", args=[found.public_id]), tab == "messages")]
